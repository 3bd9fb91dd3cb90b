extension ReviewProgram {
    /// Buttons and keys, and the start.
    static let keys = #"""
        function accept() {
          const suspect = byPath.get(current);
          const offer = suspect && suggested(suspect);
          if (offer) decide(offer.decision, offer.name);
        }

        function toggleHeat() {
          if ($("heat-button").hidden) return;
          showsHeat = !showsHeat;
          draw();
        }

        const commands = {
          k: () => decide("keep"), a: accept, x: () => decide("exclude"), s: () => decide("unsure"),
          n: () => step(1), p: () => step(-1), ArrowRight: () => step(1), ArrowLeft: () => step(-1),
          u: undo, h: toggleHeat, c: chooseClass, e: openExport, "?": () => $("help-dialog").showModal() };

        function relabel(position) {
          const name = digitClasses[position];
          if (name !== undefined && mayDecide()) decide("relabel", name);
        }

        document.addEventListener("keydown", (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
          const target = event.target;
          if (target.matches?.("input, select, textarea")) return;
          // A key held down must not run through the images.
          if (event.repeat && !event.key.startsWith("Arrow")) return;
          const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
          if (/^[0-9]$/.test(key)) relabel((Number(key) + 9) % 10);
          else if (Object.hasOwn(commands, key)) commands[key]();
          else return;
          event.preventDefault();
        });

        for (const [id, command] of Object.entries({
          keep: commands.k, accept, exclude: commands.x, unsure: commands.s, next: commands.n,
          previous: commands.p, undo, "heat-button": toggleHeat, export: openExport, help: commands["?"] })) {
          $(id).addEventListener("click", command);
        }
        $("figure").addEventListener("click", toggleHeat);

        function fill(select, name, options) {
          $(select).replaceChildren(...options.map(([value, textContent]) =>
            element("option", { value, textContent })));
          $(select).addEventListener("change", () => {
            filters[name] = $(select).value;
            remember();
            draw();
            $(select).blur();
          });
        }

        function start() {
          $("title").textContent = "Review · " + printable(data.title);
          digitClasses.forEach((name, position) => {
            const digit = String((position + 1) % 10);
            const button = element("button", { type: "button" }, element("kbd", { textContent: digit }), " ",
              printable(name));
            button.dataset.name = name;
            button.setAttribute("aria-keyshortcuts", digit);
            button.addEventListener("click", () => relabel(position));
            $("classes").append(button);
          });
          if (data.targetCount > digitClasses.length) {
            const button = element("button", { type: "button" }, element("kbd", { textContent: "c" }),
              " Other class…");
            button.setAttribute("aria-keyshortcuts", "c");
            button.addEventListener("click", chooseClass);
            $("classes").append(button);
          }
          const kinds = Object.keys(kindNames).filter((kind) => suspects.some((s) => s.kinds.includes(kind)));
          const names = data.classes.filter((name) => suspects.some((s) =>
            className(s.label) === name || className(s.suggestion) === name));
          fill("filter-state", "state", [...$("filter-state").options].map((o) => [o.value, o.textContent]));
          fill("filter-kind", "kind", [["", "all"], ...kinds.map((k) => [k, kindNames[k]])]);
          fill("filter-class", "class", [["", "all"], ...names.map((n) => [n, printable(n)])]);
          if (data.pages.length > 1) {
            $("pages").append("Page ", ...data.pages.flatMap((name, number) => [number === data.number
              ? element("strong", { textContent: String(number + 1) })
              : element("a", { href: encodeURIComponent(name), textContent: String(number + 1) }), " "]));
          }
          recall();
          draw();
        }

        start();
        """#
}

extension ReviewProgram {
    /// Windows: help, finding a class, export and loading.
    static let dialogs = #"""
        const mayDecide = () => !$("item").hidden;

        function chooseClass() {
          if (!mayDecide()) return;
          $("class-search").value = "";
          listClasses();
          $("class-dialog").showModal();
          $("class-search").focus();
        }

        function found() {
          const wanted = $("class-search").value.trim().toLowerCase();
          const names = data.classes.slice(0, data.targetCount);
          const starts = names.filter((n) => n.toLowerCase().startsWith(wanted));
          return [...starts, ...names.filter((n) => !starts.includes(n) && n.toLowerCase().includes(wanted))];
        }

        function listClasses() {
          const names = found();
          $("class-list").replaceChildren(...names.slice(0, 50).map((name) => {
            const button = element("button", { type: "button", textContent: printable(name) });
            button.addEventListener("click", () => { $("class-dialog").close(); decide("relabel", name); });
            return button;
          }));
          if (names.length === 0) {
            $("class-list").append(element("p", { textContent: "No such class: a new one needs its folder." }));
          } else if (names.length > 50) {
            $("class-list").append(element("p", { textContent: names.length - 50 + " more: type on" }));
          }
        }

        $("class-search").addEventListener("input", listClasses);
        $("class-search").addEventListener("keydown", (event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          const name = found()[0];
          if (name === undefined) return;
          $("class-dialog").close();
          decide("relabel", name);
        });

        function openExport() {
          const counts = tally();
          const open = suspects.filter((s) => !decisions.has(s.path)).length;
          const elsewhere = counts.all - counts.here;
          $("export-summary").textContent = counts.all + (counts.all === 1 ? " decision: " : " decisions: ")
            + counts.keep + " kept, "
            + counts.relabel + " relabelled, " + counts.exclude + " excluded, " + counts.unsure + " unsure. "
            + (open ? open + " of this page are undecided and not in the file." : "This page is done.")
            + (elsewhere ? " " + elsewhere + " about images of other pages." : "");
          const changes = [...decisions.values()].filter((d) =>
            d.decision === "relabel" || d.decision === "exclude");
          const rows = changes.slice(0, 200).map((d) => element("li", {},
            element("span", { className: "path", textContent: printable(d.path) }), " ",
            element("strong", { textContent: d.decision === "exclude" ? "excluded"
              : printable(d.oldLabel) + " → " + printable(d.newLabel) })));
          if (changes.length > 200) {
            rows.push(element("li", { textContent: changes.length - 200 + " more" }));
          }
          $("changes").hidden = rows.length === 0;
          $("changes").replaceChildren(element("ul", {}, ...rows));
          $("reviewer").value = reviewer;
          $("download").disabled = counts.all === 0;
          $("export-dialog").showModal();
        }

        $("reviewer").addEventListener("change", () => {
          reviewer = $("reviewer").value.trim();
          remember();
        });

        $("download").addEventListener("click", () => {
          reviewer = $("reviewer").value.trim();
          // Whoever gives a name at the end is who decided.
          for (const decision of decisions.values()) if (!decision.reviewer) decision.reviewer = reviewer;
          const blob = new Blob([csvText([...decisions.values()])], { type: "text/csv;charset=utf-8" });
          const link = element("a", { href: URL.createObjectURL(blob), download: "decisions.csv" });
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 1000);
          isExported = true;
          remember();
          $("export-dialog").close();
          say("exported " + decisions.size + " decisions");
        });

        $("load").addEventListener("click", () => $("file").click());
        $("file").addEventListener("change", async () => {
          const [file] = $("file").files;
          if (!file) return;
          try {
            const { taken, refused } = merge(readDecisions(await file.text()));
            const text = taken + " decisions loaded" + (refused
              ? "; " + refused + " left out: the image or its label has changed since" : "");
            if (refused) warn(text);
            say(text);
          } catch (error) {
            warn(file.name + ": " + error.message);
          }
          $("file").value = "";
        });
        """#
}

extension ReviewProgram {
    /// What the page shows of the state.
    static let view = #"""
        const $ = (id) => document.getElementById(id);
        const words = { keep: "kept", exclude: "excluded", unsure: "not sure", relabel: "relabelled" };
        const kindNames = {
          label: "doubtful label", classes: "two classes", copies: "copy across splits",
          extreme: "odd image", unreadable: "cannot be read" };
        const pictures = new Map(data.pictures);
        const heatMaps = new Map(data.heatMaps.map(([path, jpeg, name]) => [path, { jpeg, name }]));
        let showsHeat = false;

        // Control characters, and marks that turn the direction of text, are shown and not obeyed.
        function printable(text) {
          return text.replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu,
            (c) => "\\u{" + c.codePointAt(0).toString(16) + "}");
        }

        function element(name, properties, ...children) {
          const made = Object.assign(document.createElement(name), properties);
          made.append(...children);
          return made;
        }

        function source(jpeg) { return "data:image/jpeg;base64," + jpeg; }

        function warn(text) { $("banner").textContent = text; $("banner").hidden = false; }

        function say(text) { $("said").textContent = text; }

        function matches(suspect) {
          const decision = decisions.get(suspect.path);
          const isChange = decision && (decision.decision === "relabel" || decision.decision === "exclude");
          if (filters.state === "open" && decision) return false;
          if (filters.state === "decided" && !decision) return false;
          if (filters.state === "changed" && !isChange) return false;
          if (filters.kind && !suspect.kinds.includes(filters.kind)) return false;
          return !filters.class || className(suspect.label) === filters.class
            || className(suspect.suggestion) === filters.class;
        }

        function visible() { return suspects.filter(matches); }

        // The next undecided one in the order shown, from the beginning again after the last.
        function nextOpen(path) {
          const shown = visible();
          const at = shown.findIndex((s) => s.path === path);
          const order = [...shown.slice(at + 1), ...shown.slice(0, Math.max(at, 0))];
          return order.find((s) => !decisions.has(s.path) && s.path !== path)?.path;
        }

        function step(by) {
          const shown = visible();
          const at = shown.findIndex((s) => s.path === current);
          const next = shown[at + by];
          if (!next) { say(by > 0 ? "this is the last one" : "this is the first one"); return; }
          current = next.path;
          remember();
          draw();
        }

        // The classes most asked about have the digits; with ten or fewer all have, in their order.
        const digitClasses = (() => {
          const targets = data.classes.slice(0, data.targetCount);
          if (targets.length <= 10) return targets;
          const votes = new Map(targets.map((name) => [name, 0]));
          for (const s of suspects) {
            for (const label of [s.suggestion, s.label]) {
              const name = className(label);
              if (votes.has(name)) votes.set(name, votes.get(name) + 1);
            }
          }
          const chosen = new Set([...targets].sort((a, b) => votes.get(b) - votes.get(a)).slice(0, 10));
          return targets.filter((name) => chosen.has(name));
        })();

        function suggested(suspect) {
          if (suspect.suggestsExclusion) return { decision: "exclude", text: "Exclude" };
          const name = className(suspect.suggestion);
          return name && name !== className(suspect.label)
            ? { decision: "relabel", name, text: "Relabel as " + printable(name) } : null;
        }

        function draw() {
          const counts = tally();
          $("progress-text").textContent = counts.here + " of " + suspects.length + " decided · "
            + counts.relabel + " relabelled · " + counts.exclude + " excluded"
            + (counts.unsure ? " · " + counts.unsure + " unsure" : "");
          $("progress").max = Math.max(suspects.length, 1);
          $("progress").value = counts.here;
          $("filter-state").value = filters.state;
          $("filter-kind").value = filters.kind;
          $("filter-class").value = filters.class;
          $("undo").disabled = trail.length === 0;
          const shown = visible();
          if (!shown.some((s) => s.path === current) && shown.length) {
            const after = suspects.findIndex((s) => s.path === current);
            current = (shown.find((s) => suspects.indexOf(s) > after) || shown[0]).path;
          }
          const suspect = shown.find((s) => s.path === current);
          $("item").hidden = !suspect;
          $("empty").hidden = Boolean(suspect);
          $("empty").textContent = suspects.length
            ? "Nothing here is left to show: choose another filter, or export." : "Nothing to review.";
          for (const id of ["keep", "accept", "exclude", "unsure", "previous", "next"]) {
            $(id).disabled = !suspect;
          }
          for (const button of $("classes").children) button.disabled = !suspect;
          if (suspect) drawItem(suspect, shown);
        }

        let drawnPath = null;

        function drawItem(suspect, shown) {
          if (drawnPath !== suspect.path) {
            // Each begins at its top, wherever the one before was left.
            for (const part of [$("facts"), $("main"), document.documentElement]) part.scrollTop = 0;
            drawnPath = suspect.path;
          }
          const label = className(suspect.label);
          const jpeg = pictures.get(suspect.path);
          const heat = heatMaps.get(suspect.path);
          $("picture").hidden = !jpeg;
          $("no-picture").hidden = Boolean(jpeg);
          if (jpeg) $("picture").src = source(jpeg);
          $("picture").alt = printable(suspect.path);
          $("heat-button").hidden = !heat;
          $("heat-button").setAttribute("aria-pressed", String(showsHeat && Boolean(heat)));
          for (const part of ["heat", "heat-caption"]) $(part).hidden = !(heat && showsHeat);
          if (heat && showsHeat) {
            const caption = "Heat map: where the model saw " + printable(heat.name);
            $("heat").src = source(heat.jpeg);
            $("heat").alt = caption;
            $("heat-caption").textContent = caption;
          }
          const at = shown.indexOf(suspect);
          $("position").textContent = (at + 1) + " of " + shown.length
            + (shown.length < suspects.length ? " shown" : "");
          $("kinds").replaceChildren(...suspect.kinds.map((kind) =>
            element("span", { className: "kind", textContent: kindNames[kind] })));
          $("label").textContent = label ? printable(label) : "nothing";
          const decision = decisions.get(suspect.path);
          $("decision").textContent = !decision ? "" : decision.decision === "relabel"
            ? "→ " + printable(decision.newLabel) : words[decision.decision];
          $("decision").className = decision ? "decision " + decision.decision : "";
          $("reasons").replaceChildren(...suspect.reasons.map((text) =>
            element("li", { textContent: printable(text) })));
          $("path").textContent = printable(suspect.path);
          drawBars(suspect);
          drawNeighbours(suspect);
          const offer = suggested(suspect);
          const isExclusion = Boolean(offer) && offer.decision === "exclude";
          $("accept").hidden = !offer || isExclusion;
          $("exclude").classList.toggle("offered", isExclusion);
          if (offer) $("accept-text").textContent = offer.text;
          mark("keep", decision && decision.decision === "keep");
          mark("exclude", decision && decision.decision === "exclude");
          mark("unsure", decision && decision.decision === "unsure");
          for (const button of $("classes").children) {
            const name = button.dataset.name;
            if (name === undefined) continue;
            const isChosen = decision && decision.decision === "relabel" && decision.newLabel === name;
            button.setAttribute("aria-pressed", String(Boolean(isChosen)));
            button.classList.toggle("present", name === label);
          }
        }

        function mark(id, isChosen) { $(id).setAttribute("aria-pressed", String(Boolean(isChosen))); }

        function drawBars(suspect) {
          const rows = [[suspect.suggestion, suspect.suggestionProbability],
            [suspect.label, suspect.labelProbability]].filter(([l, p]) => p !== undefined && l !== undefined);
          $("bars").replaceChildren(...rows.flatMap(([label, probability]) => {
            const bar = element("span", { className: "bar" }, element("i"));
            bar.firstChild.style.width = (100 * probability).toFixed(1) + "%";
            return [element("dt", { textContent: printable(className(label)) }),
              element("dd", {}, bar, (100 * probability).toFixed(0) + " %")];
          }));
          $("bars").hidden = rows.length === 0;
        }

        function drawNeighbours(suspect) {
          const isCopy = suspect.kinds.includes("classes") || suspect.kinds.includes("copies");
          $("neighbour-title").textContent = suspect.neighbours.length === 0 ? ""
            : isCopy ? "The same picture" : "Looks most like";
          $("neighbour-title").hidden = suspect.neighbours.length === 0;
          $("neighbours").replaceChildren(...suspect.neighbours.map((other) => {
            const jpeg = pictures.get(other.path);
            const name = other.label === undefined ? "test, sealed" : className(other.label);
            const picture = jpeg
              ? element("img", { src: source(jpeg), alt: printable(other.path), title: printable(other.path) })
              : element("div", { className: "no-picture", textContent: "not shown" });
            const isOther = other.label !== undefined && other.label !== suspect.label;
            return element("li", { className: isOther ? "other" : "" }, picture,
              element("span", { textContent: printable(name) }),
              ...(isCopy ? [element("small", { textContent: other.part })] : []));
          }));
        }
        """#
}

extension ReviewProgram {
    /// What was decided, kept in the browser after every decision.
    static let store = #"""
        const data = JSON.parse(document.getElementById("data").textContent);
        const suspects = data.suspects;
        const byPath = new Map(suspects.map((s) => [s.path, s]));
        const storageKey = "tailor-review:" + data.identity;
        let decisions = new Map();
        // [path, decision before]: what undo takes back.
        let trail = [];
        let reviewer = "";
        let current = suspects.length ? suspects[0].path : null;
        let filters = { state: "all", kind: "", class: "" };
        let isKept = true;
        let isExported = true;

        // Of another content than the page shows, or a class it does not know: not a decision about this image.
        function fits(decision) {
          const suspect = byPath.get(decision.path);
          if (!suspect) return true;
          return suspect.sha256 === decision.sha256 && className(suspect.label) === decision.oldLabel
            && (!decision.newLabel || data.classes.indexOf(decision.newLabel) in targetSet);
        }

        const targetSet = Object.fromEntries(
          Array.from({ length: data.targetCount }, (_, i) => [i, true]));

        function className(label) { return label === undefined || label === null ? "" : data.classes[label]; }

        function remember() {
          if (!isKept) return;
          try {
            localStorage.setItem(storageKey, JSON.stringify({
              decisions: [...decisions.values()], trail, reviewer, current, filters, isExported }));
          } catch (error) {
            isKept = false;
            warn("This browser keeps nothing for this page: export before you close it.");
          }
        }

        function recall() {
          const earlier = data.decisions.filter(fits);
          for (const decision of earlier) decisions.set(decision.path, { newLabel: null, ...decision });
          const stale = data.decisions.length - earlier.length;
          if (stale) warn(stale + " earlier decisions are left out: the image or its label has changed since.");
          let text = null;
          try {
            text = localStorage.getItem(storageKey);
            localStorage.setItem(storageKey + ":test", "1");
            localStorage.removeItem(storageKey + ":test");
          } catch (error) {
            isKept = false;
            warn("This browser keeps nothing for this page: export before you close it.");
          }
          if (!text) return;
          try {
            const kept = JSON.parse(text);
            decisions = new Map(kept.decisions.filter(fits).map((d) => [d.path, d]));
            trail = kept.trail;
            reviewer = kept.reviewer;
            filters = kept.filters;
            isExported = kept.isExported;
            if (byPath.has(kept.current)) current = kept.current;
          } catch (error) {
            warn("What this browser kept for this page cannot be read: the page starts anew.");
          }
        }

        // Two tabs of one page, or two pages of one review: each has what the other decided.
        window.addEventListener("storage", (event) => {
          if (event.key !== storageKey || !event.newValue) return;
          decisions = new Map(JSON.parse(event.newValue).decisions.filter(fits).map((d) => [d.path, d]));
          draw();
        });

        window.addEventListener("beforeunload", (event) => {
          if (!isKept && !isExported) event.preventDefault();
        });

        function decide(decision, newLabel) {
          const suspect = byPath.get(current);
          if (!suspect || !visible().includes(suspect)) return;
          const old = className(suspect.label);
          if (decision === "relabel" && newLabel === old) decision = "keep";
          const path = suspect.path;
          const following = nextOpen(path);
          trail.push([path, decisions.get(path) || null]);
          decisions.set(path, {
            path, sha256: suspect.sha256, oldLabel: old, decision,
            newLabel: decision === "relabel" ? newLabel : null, reviewer, time: new Date().toISOString() });
          isExported = false;
          current = following || path;
          remember();
          draw();
          const done = decision === "relabel" ? "relabelled as " + printable(newLabel) : words[decision];
          say(done + (following ? "" : "; everything shown is decided"));
        }

        function undo() {
          const last = trail.pop();
          if (!last) { say("nothing to undo"); return; }
          const [path, before] = last;
          if (before) decisions.set(path, before);
          else decisions.delete(path);
          isExported = false;
          if (byPath.has(path)) {
            current = path;
            if (!visible().some((s) => s.path === path)) filters = { state: "all", kind: "", class: "" };
          }
          remember();
          draw();
          say("undone");
        }

        // What differs is settled by the later decision.
        function merge(rows) {
          let taken = 0, refused = 0;
          for (const row of rows) {
            if (!fits(row)) { refused += 1; continue; }
            const known = decisions.get(row.path);
            if (known && (known.time || "") >= (row.time || "")) continue;
            decisions.set(row.path, row);
            taken += 1;
          }
          trail = [];
          isExported = false;
          remember();
          draw();
          return { taken, refused };
        }

        function tally() {
          const counts = { keep: 0, relabel: 0, exclude: 0, unsure: 0, here: 0, all: 0 };
          for (const decision of decisions.values()) {
            counts[decision.decision] += 1;
            counts.all += 1;
            if (byPath.has(decision.path)) counts.here += 1;
          }
          return counts;
        }
        """#
}

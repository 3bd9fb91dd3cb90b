/// The program of the review page, in JavaScript.
enum ReviewProgram {
    static let text = ["\"use strict\";\n(() => {", table, store, view, dialogs, keys, "})();"].joined(
        separator: "\n")

    /// The CSV of decisions, written and read as `CSV` and `DecisionList` do.
    private static let table = #"""
        const columns = ["path", "sha256", "old_label", "decision", "new_label", "reviewer", "time"];
        const verdicts = ["keep", "relabel", "exclude", "unsure"];
        const formula = /^'*[=+\-@\t\r]/;

        // An apostrophe keeps a spreadsheet from running a name as a formula.
        function csvField(text) {
          if (formula.test(text)) text = "'" + text;
          return /[",\n\r]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
        }

        function csvText(decisions) {
          const rows = decisions.map((d) => [
            d.path, d.sha256, d.oldLabel, d.decision, d.newLabel || "", d.reviewer || "", d.time || ""]);
          return [columns, ...rows].map((row) => row.map(csvField).join(",") + "\n").join("");
        }

        function csvRows(text) {
          if (text.startsWith("\uFEFF")) text = text.slice(1);
          const rows = [];
          let row = [], field = "", quoted = false, wasQuoted = false;
          const endField = () => { row.push(field); field = ""; wasQuoted = false; };
          const endRow = () => {
            if (row.length || field || wasQuoted) { endField(); rows.push(row); }
            row = [];
          };
          for (let i = 0; i < text.length; i += 1) {
            const c = text[i];
            if (quoted) {
              if (c !== '"') field += c;
              else if (text[i + 1] === '"') { field += '"'; i += 1; }
              else quoted = false;
            } else if (c === '"' && field === "" && !wasQuoted) { quoted = true; wasQuoted = true; }
            else if (c === ",") endField();
            else if (c === "\n") endRow();
            else if (c === "\r" && text[i + 1] === "\n") continue;
            else field += c;
          }
          if (quoted) throw new Error("a quoted field is never closed");
          endRow();
          return rows;
        }

        function readDecisions(text) {
          const rows = csvRows(text);
          const header = rows.shift() || [];
          if (header.length !== columns.length || columns.some((name, i) => header[i] !== name)) {
            throw new Error("expected the columns " + columns.join(","));
          }
          return rows.map((row, i) => {
            const fields = row.map((f) => (f[0] === "'" && formula.test(f) ? f.slice(1) : f));
            const [path, sha256, oldLabel, decision, newLabel, reviewer, time] = fields;
            if (row.length !== columns.length || !path || !verdicts.includes(decision)
              || (decision === "relabel") !== (newLabel !== "")) {
              throw new Error("row " + (i + 2) + " is no decision");
            }
            return { path, sha256, oldLabel, decision, newLabel: newLabel || null, reviewer, time };
          });
        }
        """#
}

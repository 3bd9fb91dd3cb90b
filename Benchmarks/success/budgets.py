"""Macro-F1 by time budget: Documentation/TimeBudget.svg from rows of the methods budget1, budget3, … (minutes)."""
import math
import re
from xml.sax.saxutils import escape

import rows as store
from plot import FAINT, INK

WIDTH, HEIGHT, LEFT, TOP = 420, 240, 60, 40
COLOURS = ("#b5483a", "#2f6f9f", "#4b8b3b", "#8a5fa8")


def points(rows):
    """{task: [(minutes, test macro-F1, validation macro-F1)]}, minutes rising."""
    found = {}
    for row in rows:
        match = re.fullmatch(r"budget(\d+)", row["method"])
        if match and row["val_macro_f1"] is not None:  # a run that diverged has none
            found.setdefault(row["task"], []).append(
                (int(match[1]), row["test_macro_f1"], row["val_macro_f1"]))
    return {task: sorted(values) for task, values in sorted(found.items())}


def svg(series):
    minutes = sorted({point[0] for values in series.values() for point in values})
    scores = [score for values in series.values() for point in values for score in point[1:]]
    low = math.floor(min(scores) * 10) / 10
    high = max(math.ceil(max(scores) * 10) / 10, low + 0.1)
    span = math.log(minutes[-1] / minutes[0]) or 1.0

    def at(minute, score):
        return (f"{LEFT + math.log(minute / minutes[0]) / span * WIDTH:.1f} "
                f"{TOP + (high - score) / (high - low) * HEIGHT:.1f}")

    parts = []
    for step in range(round((high - low) * 10) + 1):
        score = low + step / 10
        y = at(minutes[0], score).split()[1]
        parts.append(f'<path d="M{LEFT} {y}h{WIDTH}" stroke="{FAINT}"/>'
                     f'<text x="{LEFT - 8}" y="{float(y) + 4}" text-anchor="end" font-size="11">{score:.1f}</text>')
    for minute in minutes:
        x = at(minute, low).split()[0]
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 18}" text-anchor="middle" font-size="11">{minute} min</text>')
    for number, (task, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        for place, dashes in ((1, ""), (2, ' stroke-dasharray="4 4"')):
            path = "L".join(at(point[0], point[place]) for point in values)
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
            parts += [f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
                      for x, y in (at(point[0], point[place]).split() for point in values)]
        y = TOP + 16 + 18 * number
        parts.append(f'<path d="M{LEFT + WIDTH + 20} {y - 4}h24" stroke="{colour}" stroke-width="2"/>'
                     f'<text x="{LEFT + WIDTH + 50}" y="{y}">{escape(task)}</text>')
    y = TOP + 16 + 18 * len(series)
    parts.append(f'<text x="{LEFT + WIDTH + 20}" y="{y}" font-size="11">dashed: validation</text>')
    width, height = LEFT + WIDTH + 190, TOP + HEIGHT + 40
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" font-size="13" fill="{INK}"><rect width="{width}" height="{height}" fill="white"/>'
            f'<text x="{LEFT}" y="{TOP - 18}" font-weight="bold">Macro-F1 by time budget</text>'
            + "".join(parts) + "</svg>\n")


def write(rows_path, folder):
    series = points(store.read(rows_path))
    if not series:
        raise SystemExit(f"{rows_path}: no rows of the methods budget1, budget3, …")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "TimeBudget.svg").write_text(svg(series))
    for task, values in series.items():
        print(task, *(f"{minute} min: test {test:.3f}, validation {val:.3f}" for minute, test, val in values), sep="\n  ")

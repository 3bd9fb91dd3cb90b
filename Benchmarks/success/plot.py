"""The study's plot as an SVG of a few kilobytes: failures and inter-quartile means, with 95 % intervals."""
from xml.sax.saxutils import escape

ROW, LEFT, WIDTH, GAP, TOP = 30, 100, 270, 50, 62
INK, FAINT, BARS = "#222", "#ccc", ("#b5483a", "#2f6f9f")


def panel(x, title, bounds, ticks, percent, entries, colour):
    """One panel: a dot and its interval for each row; `entries` are (value, (low, high)) or None."""
    low, high = bounds
    at = lambda value: x + (value - low) / (high - low) * WIDTH  # noqa: E731
    bottom = TOP + ROW * len(entries)
    parts = [f'<text x="{x}" y="{TOP - 34}" font-weight="bold">{escape(title)}</text>']
    for tick in ticks:
        text = f"{100 * tick:.0f} %" if percent else f"{tick:.2f}"
        parts.append(f'<path d="M{at(tick):.1f} {TOP - 8}V{bottom}" stroke="{FAINT}"/>'
                     f'<text x="{at(tick):.1f}" y="{TOP - 13}" text-anchor="middle" font-size="11">{text}</text>')
    for number, entry in enumerate(entries):
        if entry is None:
            continue
        value, (lower, upper) = entry
        y = TOP + ROW * (number + 0.5)
        label = f"{100 * value:.0f} %" if percent else f"{value:.3f}"
        parts.append(f'<path d="M{at(lower):.1f} {y}H{at(upper):.1f}" stroke="{colour}" stroke-width="3"/>'
                     f'<circle cx="{at(value):.1f}" cy="{y}" r="5" fill="{colour}"/>'
                     f'<text x="{at(value):.1f}" y="{y - 8}" text-anchor="middle" font-size="11">{label}</text>')
    return "".join(parts)


def svg(names, failures, means):
    """`failures` and `means`: a list of (value, interval) or None for each name."""
    lows = [entry[1][0] for entry in means if entry] or [0.0]
    highs = [entry[1][1] for entry in means if entry] or [1.0]
    low, high = int(min(lows) * 20) / 20, -int(-max(highs) * 20) / 20 + 0.05
    steps = round((high - low) / 0.05)
    ticks = [low + 0.05 * i for i in range(0, steps + 1, max(1, -(-steps // 6)))]
    height, width = TOP + ROW * len(names) + 20, LEFT + 2 * WIDTH + GAP + 30
    rows = "".join(f'<text x="{LEFT - 12}" y="{TOP + ROW * (i + 0.5) + 4}" text-anchor="end">{escape(name)}</text>'
                   for i, name in enumerate(names))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13" fill="{INK}">'
        f'<rect width="{width}" height="{height}" fill="white"/>{rows}'
        + panel(LEFT, "Runs that failed", (0, 1), (0, 0.25, 0.5, 0.75, 1), True, failures, BARS[0])
        + panel(LEFT + WIDTH + GAP, "Test macro-F1, inter-quartile mean", (low, high), ticks, False, means,
                BARS[1])
        + "</svg>\n")

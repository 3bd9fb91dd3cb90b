"""Documentation/SuccessRate.md and .svg from the raw rows."""
import collections
import csv
import textwrap

import numpy as np

import measures
import plot
import rows as store

ORDER = ("naive", "tutorial", "guide", "tailor", "probe", "reference")
NO_FINE_TUNING = ("probe",)

HEAD = """# How often fine-tuning succeeds

Written by `Benchmarks/success/success.py report` from `Benchmarks/success/rows.csv`; how to repeat it stands in
`Benchmarks/success/README.md`. {count} runs{machine}. {progress}

A run **fails** if it diverges or never predicts one of the classes of the test images, if its test macro-F1 is below
that of the linear probe on the same split, or if it is more than 2 points under the best known. *Best known* is the
most that any method of this study has on the same split (task, images a class, seed){external}. That bar is high:
it is the best of several results on a test set of finite size, and it rises with each method that is added.

All start from the same ImageNet-trained ResNet18, with the same images for training, validation and test, at 128
pixels.

| method | what it does |
|---|---|
| naive | PyTorch as short tutorials show it: all layers at one rate, SGD 0.01, no augmentation, last of 10 epochs |
| tutorial | PyTorch's transfer-learning tutorial: SGD 0.001, batches of 4, random crops, best accuracy of 25 epochs |
| guide | `tailor train --recipe guide` |
| tailor | `tailor train`, no other option than size and seed |
| probe | logistic regression on features, L2 strength chosen on validation; no fine-tuning |
| reference | PyTorch: from the probe, batch-norm statistics kept, AdamW, layer-wise rates, their multiple tuned |
"""


def percent(value):
    return f"{100 * value:.0f} %"


def wrapped(text):
    """Paragraphs in lines of 118 characters; tables and titles as they are."""
    blocks = text.strip("\n").split("\n\n")
    return "\n\n".join(block if block[0] in "|#!" else textwrap.fill(block, 118, break_on_hyphens=False)
                       for block in blocks)


def span(bounds, text=lambda value: f"{value:.3f}"):
    return f"{text(bounds[0])} to {text(bounds[1])}"


def table(header, lines):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header),
                      *("| " + " | ".join(line) + " |" for line in lines)]) + "\n"


def external_of(path):
    """{(task, shots or None): macro-F1} of a CSV with the columns task, shots (may be empty), macro_f1."""
    if not path:
        return {}
    with open(path, newline="") as file:
        return {(row["task"], int(row["shots"]) if row["shots"] else None): float(row["macro_f1"])
                for row in csv.DictReader(file)}


def failed(found):
    return sum(bool(reasons) for reasons in found.values())


def failure_table(names, judged, baseline="naive"):
    lines = []
    for name in names:
        found, counts = judged[name], collections.Counter(r for each in judged[name].values() for r in each)
        count, total = failed(found), len(found)
        common = set(found) & set(judged.get(baseline, {}))
        theirs = sum(bool(judged[baseline][cell]) for cell in common)
        ours = sum(bool(found[cell]) for cell in common)
        fewer = "" if name == baseline or not theirs else f"{100 * (ours / theirs - 1):+.0f} %"
        lines.append([name, f"{count} of {total}", percent(count / total) if total else "",
                      span(measures.wilson(count, total), percent), fewer,
                      *(str(counts[reason]) for reason in measures.REASONS)])
    return table(["method", "failed", "share", "95 % (Wilson)", f"against {baseline}", *measures.REASONS.values()],
                 lines)


def milder_table(names, cells, rows, strict):
    average = measures.best_on_average(cells, rows)
    ways = [measures.judged(cells, best, margin) for best, margin in (
        (strict, 0.01), (average, 0.0), (average, 0.01))]
    return table(
        ["method", "within a point of the probe is no failure", "best known: the method with the best mean", "both"],
        [[name, *(f"{failed(way[name])} of {len(way[name])}" for way in ways)] for name in names])


def breakdown(names, judged, place, title):
    values = sorted({cell[place] for name in names for cell in judged[name]})
    lines = []
    for value in values:
        line = [str(value)]
        for name in names:
            found = {cell: r for cell, r in judged[name].items() if cell[place] == value}
            line.append(f"{failed(found)} of {len(found)}" if found else "")
        lines.append(line)
    return table([title, *names], lines)


def mean_table(names, rows):
    groups = {name: measures.strata(rows, name) for name in names}
    lines = []
    for task, shots in sorted({cell for each in groups.values() for cell in each}):
        line = [task, str(shots)]
        for name in names:
            values = groups[name].get((task, shots))
            line.append(f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})" if values else "")
        lines.append(line)
    return table(["task", "images a class", *names], lines)


def improvement_table(names, rows):
    groups, lines = {name: measures.strata(rows, name) for name in names}, []
    for ours in names:
        line = [ours]
        for theirs in names:
            found = measures.improvement(groups[ours], groups[theirs]) if ours != theirs else None
            line.append(f"{found[0]:.2f} ({span(found[1], lambda v: f'{v:.2f}')})" if found else "")
        lines.append(line)
    return table(["better than →", *names], lines)


def write(rows_path, folder, best_known=None, machine=None):
    rows = store.read(rows_path)
    if not rows:
        raise SystemExit(f"{rows_path}: no rows yet")
    present = {row["method"] for row in rows}
    names = [n for n in ORDER if n in present] + sorted(present - set(ORDER))
    cells, external = measures.by_cell(rows), external_of(best_known)
    best = measures.best_in_cell(cells, external)
    judged = measures.judged(cells, best)
    tuned = [name for name in names if name not in NO_FINE_TUNING]
    whole = sum(set(runs) >= present for runs in cells.values())
    complete = "Every method has run on every split." if whole == len(cells) else (
        f"**Unfinished**: of {len(cells)} splits begun, {whole} have a run of every method; shares are of those run.")
    # Of an unfinished study, the splits that every method has: others would compare different tasks.
    fair = [row for row in rows if set(cells[row["task"], row["shots"], row["seed"]]) >= present]
    means = {name: measures.aggregate(measures.strata(fair, name)) for name in names}
    parts = [
        HEAD.format(count=f"{len(rows):,}", progress=complete,
                    machine=f", on {machine}" if machine else "",
                    external=", or a result from elsewhere if that is more" if external else ""),
        "![Failures and inter-quartile means](SuccessRate.svg)\n",
        "## Failures\n", failure_table(tuned, judged),
        "\nA run may fail for several reasons. Wilson's intervals take the runs for independent, which runs on one task"
        " are not quite. *Against naive* compares on the splits that both have.\n",
        "\nWith milder bars:\n", milder_table(tuned, cells, rows, best),
        "\nBy task:\n", breakdown(tuned, judged, 0, "task"),
        "\nBy images a class:\n", breakdown(tuned, judged, 1, "images a class"),
        "\n## Test macro-F1\n",
        "" if whole == len(cells) else f"On the {whole} splits that have a run of every method.\n",
        table(["method", "runs", "inter-quartile mean", "95 % (stratified bootstrap)"],
              [[name, str(sum(row["method"] == name for row in fair)), f"{means[name][0]:.3f}", span(means[name][1])]
               for name in names]),
        "\nProbability that a run of the row's method is better than one of the column's (mean over tasks and images "
        "a class, ties half, 95 % by the stratified bootstrap; Agarwal et al., 2021):\n",
        improvement_table(names, fair),
        "\nMean of the seeds (least to most):\n", mean_table(names, fair),
        "\nMedian seconds a run, beside other runs: "
        + ", ".join(f"{name} {np.median([r['seconds'] for r in rows if r['method'] == name]):.0f}"
                    for name in names)
        + ".\n"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SuccessRate.md").write_text("\n\n".join(wrapped(part) for part in parts) + "\n")
    shares = []
    for name in names:
        count, total = failed(judged[name]), len(judged[name])
        shares.append((count / total, measures.wilson(count, total)) if name in tuned and total else None)
    (folder / "SuccessRate.svg").write_text(plot.svg(names, shares, [means[name] for name in names]))
    print(f"{folder / 'SuccessRate.md'}: {len(rows)} rows, {len(cells)} splits")

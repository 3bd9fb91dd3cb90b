"""How many changed labels `tailor check` finds, beside cleanlab on the same probabilities, and what finding them is worth.

    python flips.py TAILOR DATA [--seeds 3] [--rate 0.05 | --count 5] [--train] [--flags "--weights bundled"]

DATA is a folder with train/ and val/. It is copied (as links) with some training labels changed at random; the program
looks, and writes the probabilities by which it judges (`--probabilities`). Printed for every seed: how many of the N changed labels
are among the first N of the list and the first 2 N (or the first ten, with --count), and how many cleanlab's lists of the
same probabilities have there. With --train also the macro-F1 on val/ (whose labels are left alone) of a linear probe trained with the
changed labels, after a review of the first 2 N (the changed ones among them set right, the others left as they are), and with
all labels right. Needs cleanlab (requirements.txt).
"""
import argparse
import csv
import json
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from traps import linked


def flipped(data, folder, seed, rate, count):
    """Links DATA to `folder` with labels changed; returns the new paths with the classes that are right."""
    rng = random.Random(seed)
    linked(data, folder)
    images = sorted(p for p in (folder / "train").rglob("*") if p.suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp"))
    classes = sorted(p.name for p in (folder / "train").iterdir())
    truth = {}
    for source in rng.sample(images, count or round(rate * len(images))):
        # A name of its own, and no clue: the file stands among the others as before.
        target = folder / "train" / rng.choice([c for c in classes if c != source.parent.name]) / source.name
        if target.exists() or target.is_symlink():
            target = target.with_stem(f"{target.stem}-{seed}")
        source.rename(target)
        truth[str(target.relative_to(folder))] = folder / "train" / source.parent.name / target.name
    return truth


def suspects(program, folder, flags):
    """The program's list, and all paths with labels and probabilities."""
    table = folder.parent / f"{folder.name}.csv"
    done = subprocess.run([program, "check", folder, "--json", "--quiet", "--no-cache", "--probabilities", table, *flags],
                          capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    found = [item["paths"][0] for f in json.loads(done.stdout)["findings"] if f["code"] == "doubtful-labels"
             for item in f["items"]]
    with open(table, newline="") as file:
        rows = list(csv.reader(file))
    classes = [name[2:] for name in rows[0][4:-1]]
    paths = [row[0] for row in rows[1:]]
    labels = np.array([classes.index(row[1]) for row in rows[1:]])
    probabilities = np.array([[float(value) for value in row[4:-1]] for row in rows[1:]])
    return found, paths, labels, probabilities / probabilities.sum(1, keepdims=True)


def cleanlab_lists(paths, labels, probabilities):
    for name in ("self_confidence", "normalized_margin"):
        order = np.argsort(get_label_quality_scores(labels, probabilities, method=name), kind="stable")
        yield f"cleanlab, {name}", [paths[i] for i in order]
        order = find_label_issues(labels, probabilities, return_indices_ranked_by=name)
        yield f"cleanlab, issues by {name}", [paths[i] for i in order]
    order = np.argsort(get_label_quality_scores(labels, probabilities, adjust_pred_probs=True), kind="stable")
    yield "cleanlab, adjusted", [paths[i] for i in order]


def macro_f1(program, folder, seed, flags):
    run = folder.parent / f"run-{folder.name}"
    subprocess.run([program, "train", folder, "--output", run, "--seed", str(seed), "--epochs", "0", "--probe-views", "0",
                    "--quiet", *flags], check=True, capture_output=True)
    with open(run / "metrics.csv", newline="") as file:
        return max(float(row["val_macro_f1"]) for row in csv.DictReader(file))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.05, help="share of the training labels that is changed")
    parser.add_argument("--count", type=int, help="number of labels to change, instead")
    parser.add_argument("--train", action="store_true", help="measure macro-F1, too")
    parser.add_argument("--flags", default="--weights bundled", help="for tailor check")
    parser.add_argument("--train-flags", default="--weights bundled", help="for tailor train")
    arguments = parser.parse_args()
    flags, training, program = arguments.flags.split(), arguments.train_flags.split(), arguments.program.resolve()
    results, scores = {}, []
    with tempfile.TemporaryDirectory() as temporary:
        temporary = Path(temporary)
        if arguments.train:
            right = macro_f1(program, linked(arguments.data, temporary / "right"), 1, training)
        for seed in range(1, arguments.seeds + 1):
            folder = temporary / f"flips-{seed}"
            truth = flipped(arguments.data, folder, seed, arguments.rate, arguments.count)
            found, *table = suspects(program, folder, flags)
            first = (5, 10) if arguments.count == 5 else (len(truth), 2 * len(truth))
            for name, order in [("tailor check", found), *cleanlab_lists(*table)]:
                results.setdefault(name, []).append([sum(p in truth for p in order[:n]) for n in first])
            print(f"seed {seed}: {len(truth)} changed, {len(found)} doubtful, {results['tailor check'][-1]} in the first {first}",
                  flush=True)
            if arguments.train:
                before = macro_f1(program, folder, seed, training)
                reviewed = temporary / f"reviewed-{seed}"
                linked(folder, reviewed)
                for path in found[:2 * len(truth)]:
                    if path in truth:
                        (reviewed / path).rename(reviewed / truth[path].relative_to(folder))
                scores.append((before, macro_f1(program, reviewed, seed, training)))
    print(f"\n| {arguments.data.name}, {len(truth)} labels changed, {arguments.seeds} seeds | in the first {first[0]} "
          f"| in the first {first[1]} |\n|---|---|---|")
    for name, rows in results.items():
        means = np.mean(rows, 0)
        print(f"| {name} | {means[0]:.1f} ({100 * means[0] / len(truth):.0f} %) | {means[1]:.1f} ({100 * means[1] / len(truth):.0f} %) |")
    if arguments.count:
        hits = [row[1] for row in results["tailor check"]]
        print(f"\nIn the first {first[1]}: " + ", ".join(f"{n} of {len(truth)} in {hits.count(n)} goes"
                                                   for n in sorted(set(hits), reverse=True)))
    for before, after in scores:
        print(f"macro-F1 {before:.3f} with the changed labels, {after:.3f} after the review")
    if scores:
        before, after = np.mean(scores, 0)
        print(f"macro-F1, mean: {before:.3f} changed, {after:.3f} after the review, {right:.3f} with all labels right")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks the linear probe against scikit-learn: verify_probe.py TAILOR WORK_FOLDER

Fits heads with `tailor train --epochs 0` on solar cells and on two sets of made pictures (stripes of unequal numbers,
discs of many sizes), computes the same features with torchvision's resnet18 from the run's weights, and fits
`LogisticRegression` to them with the same strengths. The head must be one of scikit-learn's, and its macro-F1 on
validation within half a point of the one that the same rule picks among scikit-learn's: of those whose macro-F1 is
within a standard error of the highest, the one of least loss. Training and validation images only. One line a check;
exit code 1 when one fails.
"""
import csv
import json
import shutil
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss

from verify_deployment import ROOT, Checks, Tailor, picture, prepared, torchvision

SIZE = 96
# Classes with their numbers of training images; a third as many validate.
STRIPES = {"steep": 120, "flat": 60, "level": 30}
DISCS = {f"radius-{radius}": 40 for radius in (8, 10, 12, 14, 16, 18)}


def stripes(name, generator):
    angle = np.deg2rad({"steep": 70, "flat": 45, "level": 20}[name] + generator.normal(0, 12))
    y, x = np.mgrid[:SIZE, :SIZE]
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) / generator.uniform(2, 5) + generator.uniform(0, 6))
    return 128 + 60 * wave + generator.normal(0, 40, (SIZE, SIZE))


def disc(name, generator):
    radius = float(name.split("-")[1]) + generator.normal(0, 0.7)
    y, x = np.mgrid[:SIZE, :SIZE] - generator.uniform(30, 66, (2, 1, 1))
    return 90 + 70 * (x * x + y * y < radius * radius) + generator.normal(0, 30, (SIZE, SIZE))


def make(folder, draw, classes):
    generator = np.random.default_rng(5)
    for name, count in classes.items():
        for split, images in (("train", count), ("val", count // 3)):
            (folder / split / name).mkdir(parents=True)
            for index in range(images):
                pixels = draw(name, generator).clip(0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{index}.png")
    return folder


def features(run, data):
    """Features and labels of a run's images, by split, and its head."""
    state = load_file(run / "best.safetensors")
    weight, bias = (state.pop(f"fc.{name}").double().numpy() for name in ("weight", "bias"))
    model = torchvision.models.resnet18()
    model.fc = torch.nn.Identity()
    model.load_state_dict(state, strict=False)
    model.eval()
    preprocessing = json.loads((run / "recipe.json").read_text())["preprocessing"]
    classes = json.loads((run / "run.json").read_text())["classes"]
    found = {}
    for split in ("train", "val"):
        with open(run / "dataset.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["split"] == split]
        parts = []
        with torch.inference_mode():
            for start in range(0, len(rows), 50):
                images = [picture(data / row["path"]) for row in rows[start:start + 50]]
                parts.append(model(torch.from_numpy(prepared(images, preprocessing))).double().numpy())
        found[split] = np.concatenate(parts), np.array([classes.index(row["class"]) for row in rows])
    return found, weight, bias


def automatic_weights(labels):
    """1 / √n where the largest class has over 1.2 times the smallest, as the recipe has it."""
    counts = np.bincount(labels)
    return 1 / np.sqrt(counts) if counts.max() > 1.2 * counts.min() else np.ones(len(counts))


def centred(logits):
    return logits - logits.mean(1, keepdims=True)


def check(checks, name, run, data):
    found, weight, bias = features(run, data)
    (inputs, labels), (validation, expected) = found["train"], found["val"]
    classes = len(bias)
    weights = automatic_weights(labels)
    strengths = json.loads((run / "recipe.json").read_text())["probe"]["l2Strengths"]

    def quality(logits):
        probabilities = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
        return (f1_score(expected, logits.argmax(1), average="macro"),
                -log_loss(expected, probabilities, labels=range(classes)), (logits.argmax(1) == expected).mean())

    def picked(qualities):
        top = max(qualities)
        error = ((1 - top[2]) / len(expected)) ** 0.5
        return max((found for found in qualities if found[0] >= top[0] - error), key=lambda found: found[1])

    started, theirs = time.monotonic(), []
    for strength in strengths:
        # Ours is relative to the features' mean variance; two classes are one row of weights to scikit-learn.
        penalty = strength * inputs.var(0).mean() * weights[labels].sum()
        model = LogisticRegression(C=(2 if classes == 2 else 1) / penalty, tol=1e-6, max_iter=3000,
                                   class_weight=dict(enumerate(weights)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the weakest penalties may end before they converge
            logits = model.fit(inputs, labels).decision_function(validation)
        if classes == 2:
            logits = np.stack([-logits / 2, logits / 2], 1)
        theirs.append((quality(logits), centred(logits)))
    seconds = time.monotonic() - started
    ours = validation @ weight.T + bias
    difference = min(np.abs(centred(ours) - logits).max() / np.abs(logits).max() for _, logits in theirs)
    checks.at_most(0.02, name, difference, "largest difference from one of scikit-learn's heads, of the largest logit")
    best, reached = picked([quality for quality, _ in theirs])[0], quality(ours)[0]
    checks.note(reached >= best - 0.005, name,
                f"macro-F1 {reached:.4f}, scikit-learn's {best:.4f} (at most 0.005 less); it took {seconds:.1f} s")


def main() -> int:
    program, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tailor, checks = Tailor(program, work), Checks()
    for name, data in (("solar cells", ROOT / ".deps/elpv"), ("stripes", make(work / "stripes", stripes, STRIPES)),
                       ("discs", make(work / "discs", disc, DISCS))):
        with checks.about(name):
            run = work / f"run-{name.replace(' ', '-')}"
            tailor.run("train", data, "--output", run, "--weights", "bundled", "--seed", "1", "--quiet",
                       "--device", "cpu", "--precision", "fp32", "--epochs", "0", "--probe-views", "0",
                       "--image-size", SIZE)
            check(checks, name, run, data)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())

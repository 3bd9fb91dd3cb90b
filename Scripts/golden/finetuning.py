#!/usr/bin/env python3
"""Golden learning rates of linear warm-up followed by a cosine, for every step, and heads that scikit-learn fits.

Made with PyTorch 2.13.0 and scikit-learn 1.9.1; the features come from a seeded NumPy generator.
Usage: finetuning.py [OUTDIR]
"""
import json
import pathlib
import sys

import numpy
import sklearn
import torch
from sklearn.linear_model import LogisticRegression
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

CASES = [
    # name, warm-up steps, start factor, steps of the cosine, steps in all
    ("guide", 50, 0.01, 1000, 1050),
    ("short", 5, 1 / 6, 45, 50),
    ("no warm-up", 0, 1.0, 20, 20),
]


# name, classes, images, features, class weights
HEADS = [
    ("three classes", 3, 60, 12, None),
    ("three classes, weighted", 3, 60, 12, [0.5, 1.0, 4.0]),
    ("two classes", 2, 40, 8, None),
    ("more features than images", 4, 24, 40, None),
]
STRENGTHS = [0.1, 0.003, 0.0001]


def heads():
    generator = numpy.random.default_rng(7)
    found = []
    for name, classes, images, width, weights in HEADS:
        labels = numpy.arange(images) % classes
        centres = generator.normal(size=(classes, width))
        # Of unequal scale and above 0, as features after a rectifier; in float32, as they come from a network.
        features = numpy.maximum(centres[labels] + 1.5 * generator.normal(size=(images, width)), 0)
        features = (features * generator.uniform(0.2, 2, size=width)).round(3).astype("float32")
        features[:, -1] = 0.5
        total = images if weights is None else sum(weights[label] for label in labels)
        logits = []
        for strength in STRENGTHS:
            # scikit-learn describes two classes by one row of weights, which is the difference of our two.
            share = 2 if classes == 2 else 1
            # Newton's method goes to the minimum itself; L-BFGS stops short of it, elsewhere on each processor.
            model = LogisticRegression(
                C=share / (strength * total), solver="newton-cholesky", tol=1e-12, max_iter=1000,
                class_weight=None if weights is None else dict(enumerate(weights)))
            scores = model.fit(features.astype("float64"), labels).decision_function(features.astype("float64"))
            if classes == 2:
                scores = numpy.stack([-scores / 2, scores / 2], 1)
            logits.append((scores - scores.mean(1, keepdims=True)).tolist())
        found.append({
            "name": name, "classes": classes, "weights": weights, "labels": labels.tolist(),
            "features": [[round(float(x), 3) for x in row] for row in features],
            "strengths": STRENGTHS, "logits": logits,
        })
    return found


def rates(warmup, start, period, total):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    cosine = CosineAnnealingLR(optimizer, T_max=period)
    scheduler = cosine
    if warmup:
        optimizer = torch.optim.SGD([parameter], lr=1.0)
        scheduler = SequentialLR(
            optimizer,
            [LinearLR(optimizer, start_factor=start, total_iters=warmup), CosineAnnealingLR(optimizer, T_max=period)],
            milestones=[warmup],
        )
    found = []
    for _ in range(total):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def main():
    default = pathlib.Path(__file__).parents[2] / "Tests/TailorFineTuningTests/Golden"
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    cases = [
        {"name": name, "warmup": warmup, "start": start, "period": period, "rates": rates(warmup, start, period, total)}
        for name, warmup, start, period, total in CASES
    ]
    (out / "schedule.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=0) + "\n")
    (out / "heads.json").write_text(
        json.dumps({"sklearn": sklearn.__version__, "cases": heads()}).replace("}, {", "},\n{") + "\n")


if __name__ == "__main__":
    main()

"""Golden numbers for Tests/TailorAuditTests: cross-validated linear discriminant analysis.

Made with Python 3, numpy 2.4.6; seeds in the code. Written from the formulas, with numpy's own solver: pooled
covariance within classes, oracle approximating shrinkage (Chen et al., 2010, equation 23), equal priors, folds
dealt out class by class, one temperature from a grid for all out-of-fold scores.
Usage: python3 Scripts/golden/audit.py [OUTDIR]
"""
import json
import pathlib
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Tests/TailorAuditTests/Golden")
FOLDS = 5


def fit(x, y, classes):
    means = np.stack([x[y == c].mean(0) for c in range(classes)])
    rest = x - means[y]
    n, p = len(x) - classes, x.shape[1]
    s = rest.T @ rest / n
    trace, squares = np.trace(s), (s * s).sum()
    rho = ((1 - 2 / p) * squares + trace**2) / ((n + 1 - 2 / p) * (squares - trace**2 / p))
    rho = min(1.0, max(rho, 0.01))
    weights = np.linalg.solve((1 - rho) * s + rho * trace / p * np.eye(p), means.T).T
    return weights, -0.5 * (weights * means).sum(1)


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def main():
    rng = np.random.default_rng(5)
    classes, n, p = 3, 66, 7
    y = rng.integers(0, classes, n)
    x = (rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + 1.5 * rng.normal(size=(classes, p))[y] + 3)
    x = x.astype(np.float32)
    groups = np.arange(n)
    groups[10:14] = 10
    y[10:14] = y[10]
    fold_of, dealt = {}, [0] * classes
    for row, group in enumerate(groups):
        if group not in fold_of:
            fold_of[group] = dealt[y[row]] % FOLDS
            dealt[y[row]] += 1
    fold = np.array([fold_of[g] for g in groups])
    centred = x.astype(np.float64) - x.astype(np.float64).mean(0)
    scores = np.zeros((n, classes))
    for held in range(FOLDS):
        weights, bias = fit(centred[fold != held], y[fold != held], classes)
        scores[fold == held] = centred[fold == held] @ weights.T + bias
    grid = [2 ** (k / 4) for k in range(-12, 25)]
    loss = [-np.log(np.maximum(softmax(scores / t)[np.arange(n), y], 1e-12)).sum() for t in grid]
    temperature = grid[int(np.argmin(loss))]
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "discriminant.json").write_text(json.dumps({
        "dimension": p, "classes": classes, "values": x.flatten().tolist(), "labels": y.tolist(),
        "groups": groups.tolist(), "probabilities": softmax(scores / temperature).tolist()}))


main()

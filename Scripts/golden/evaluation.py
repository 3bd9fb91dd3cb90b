#!/usr/bin/env python3
"""Reference figures for TailorEvaluation, by scikit-learn, SciPy and NumPy.

Made with scikit-learn 1.9.1, SciPy 1.17.1, NumPy 2.4.6, Python 3; seed 20261123.
    python3 Scripts/golden/evaluation.py [OUTDIR]
writes evaluation.json (default: Tests/TailorEvaluationTests/Golden).
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
import scipy
import sklearn
from scipy import optimize, special, stats
from sklearn import metrics

SEED = 20261123
ROOT = pathlib.Path(__file__).resolve().parents[2]
warnings.filterwarnings("ignore")  # undefined figures are part of the cases


def number(value):
    """JSON has no NaN: not available is null."""
    return None if value is None or math.isnan(value) else float(value)


def ece(probabilities, labels, bins=15):
    """Guo et al. 2017: bins (low, high] of the top probability."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == labels
    edges = np.arange(bins + 1) / bins
    total, table = 0.0, []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        table.append(int(inside.sum()))
        if inside.any():
            total += abs(correct[inside].mean() - confidence[inside].mean()) * inside.mean()
    return total, table


def nll(logits, labels, temperature):
    scaled = logits / temperature
    return float(np.mean(special.logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]))


def temperature(logits, labels):
    found = optimize.minimize_scalar(
        lambda t: nll(logits, labels, math.exp(t)),
        bounds=(math.log(0.05), math.log(20)), method="bounded", options={"xatol": 1e-12})
    return math.exp(found.x)


def case(name, classes, labels, logits=None, probabilities=None, fit=True):
    labels = np.asarray(labels)
    count = len(classes)
    p = special.softmax(logits, axis=1) if logits is not None else probabilities
    predicted = p.argmax(axis=1) if logits is None else logits.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(count), zero_division=np.nan)
    auroc, average_precision = [], []
    for k in range(count):
        positive = labels == k
        both = positive.any() and not positive.all()
        auroc.append(number(metrics.roc_auc_score(positive, p[:, k]) if both else math.nan))
        average_precision.append(
            number(metrics.average_precision_score(positive, p[:, k]) if positive.any() else math.nan))
    error, table = ece(p, labels)
    defined = [x for x in auroc if x is not None]
    if count == 2:
        overall = auroc[1]
    elif len(defined) == count:
        overall = metrics.roc_auc_score(labels, p, multi_class="ovr", labels=range(count))
    else:
        overall = np.mean(defined) if defined else None
    return {
        "name": name, "classes": classes, "labels": labels.tolist(),
        "logits": None if logits is None else logits.ravel().tolist(),
        "probabilities": None if logits is not None else probabilities.ravel().tolist(),
        "predictions": predicted.tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, predicted),
        "macroF1": metrics.f1_score(labels, predicted, average="macro", zero_division=0),
        "precision": [number(x) for x in precision],
        "recall": [number(x) for x in recall],
        "f1": [number(x) for x in f1],
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=range(count)).tolist(),
        "logLoss": metrics.log_loss(labels, p, labels=range(count)),
        "brier": metrics.brier_score_loss(labels, p[:, 1] if count == 2 else p, labels=list(range(count))),
        "auroc": overall, "aurocPerClass": auroc, "averagePrecisionPerClass": average_precision,
        "ece": error, "binCounts": table,
        "temperature": temperature(logits, labels) if logits is not None and fit else None,
        "nll": nll(logits, labels, 1) if logits is not None else None,
    }


def made_logits(rng, labels, count, signal, scale):
    logits = rng.normal(size=(len(labels), count))
    logits[np.arange(len(labels)), labels] += signal
    return np.round(logits * scale, 4)


def cases(rng):
    names = ["ant", "bee", "cat", "dog", "emu"]
    binary = (rng.random(160) < 0.1).astype(int)
    yield case("binary, imbalanced, overconfident", ["functional", "defective"], binary,
               made_logits(rng, binary, 2, 0.9, 4))
    five = rng.integers(0, 5, 150)
    yield case("five classes, underconfident", names, five, made_logits(rng, five, 5, 1.5, 0.3))
    gap = rng.choice([0, 1, 2, 4], 150)
    yield case("five classes, one missing from the labels", names, gap, made_logits(rng, gap, 5, 1, 1))
    unseen = made_logits(rng, gap, 5, 1, 1)
    unseen[:, 3] = -9
    yield case("five classes, one neither labelled nor predicted", names, gap, unseen)
    perfect = rng.integers(0, 5, 40)
    sure = np.round(rng.random((40, 5)), 4)
    sure[np.arange(40), perfect] += 4
    yield case("perfect", names, perfect, sure, fit=False)
    three = rng.integers(0, 3, 60)
    one = np.round(rng.random((60, 3)), 4)
    one[:, 0] += 2
    yield case("one class predicted for all", names[:3], three, one)
    yield case("one class labelled for all", names[:3], np.ones(30, int),
               np.round(rng.normal(size=(30, 3)), 4))
    tied = rng.integers(0, 3, 120)
    parts = rng.multinomial(8, [1 / 3] * 3, 120)
    parts[np.arange(120), tied] += 8
    keep = rng.random(120) < 0.5
    parts[keep] = rng.multinomial(16, [1 / 3] * 3, int(keep.sum()))
    yield case("ties in scores", names[:3], tied, probabilities=parts / 16)
    coin = rng.integers(0, 2, 90)
    steps = rng.integers(0, 9, 90)
    yield case("binary, ties in scores and at bin edges", names[:2], coin,
               probabilities=np.stack([steps, 8 - steps], axis=1) / 8)
    edges = rng.integers(0, 15, 200)
    yield case("confidence exactly on bin edges", names[:2], rng.integers(0, 2, 200),
               probabilities=np.stack([(edges + 1) / 15, 1 - (edges + 1) / 15], axis=1))


def bootstrap(rng, labels, predicted, resamples=100_000):
    """Stratified percentile bootstrap by resampling rows of the confusion matrix."""
    count = max(labels.max(), predicted.max()) + 1
    table = metrics.confusion_matrix(labels, predicted, labels=range(count))
    support = table.sum(axis=1)
    present = (support + table.sum(axis=0)) > 0
    drawn = np.stack([rng.multinomial(n, row / n, resamples) if n else np.zeros((resamples, count), int)
                      for n, row in zip(support, table)], axis=1)
    correct = np.einsum("rkk->rk", drawn)
    guesses = drawn.sum(axis=1)
    f1 = np.divide(2 * correct, support + guesses, where=(support + guesses) > 0,
                   out=np.zeros(correct.shape))
    macro = f1[:, present].mean(axis=1)
    balanced = (correct[:, support > 0] / support[support > 0]).mean(axis=1)
    return {"labels": labels.tolist(), "predictions": predicted.tolist(), "classCount": int(count),
            "macroF1": np.percentile(macro, [2.5, 97.5]).tolist(), "macroF1Mean": macro.mean(),
            "balancedAccuracy": np.percentile(balanced, [2.5, 97.5]).tolist(),
            "balancedAccuracyMean": balanced.mean()}


def main():
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Tests/TailorEvaluationTests/Golden"
    rng = np.random.default_rng(SEED)
    document = {
        "made_with": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__,
                      "numpy": np.__version__, "seed": SEED},
        "cases": list(cases(rng)),
    }
    document["wilson"] = []
    for k, n in [(0, 1), (1, 1), (0, 10), (10, 10), (3, 7), (81, 100), (539, 658), (658, 658), (1, 100000)]:
        for confidence in (0.9, 0.95, 0.99):
            found = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
            document["wilson"].append(
                {"successes": k, "total": n, "confidence": confidence, "low": found.low, "high": found.high})
    document["runs"] = []
    for n in (2, 3, 5, 30, 200):
        values = np.round(rng.normal(0.8, 0.02, n), 4)
        for confidence in (0.9, 0.95, 0.99):
            low, high = stats.t.interval(confidence, n - 1, values.mean(), stats.sem(values))
            document["runs"].append({
                "values": values.tolist(), "confidence": confidence, "mean": values.mean(),
                "deviation": values.std(ddof=1), "low": low, "high": high})
    labels = (rng.random(655) < 0.3).astype(int)
    predicted = np.where(rng.random(655) < 0.82, labels, 1 - labels)
    four = rng.choice([0, 1, 3], 90)
    guesses = np.where(rng.random(90) < 0.7, four, rng.integers(0, 4, 90))
    document["bootstrap"] = [bootstrap(rng, labels, predicted), bootstrap(rng, four, guesses)]
    out.mkdir(parents=True, exist_ok=True)
    (out / "evaluation.json").write_text(json.dumps(document, separators=(",", ":"), allow_nan=False) + "\n")


if __name__ == "__main__":
    main()

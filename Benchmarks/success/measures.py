"""What the study counts: failures, Wilson's interval, and the aggregates of Agarwal et al., "Deep Reinforcement
Learning at the Edge of the Statistical Precipice" (2021): inter-quartile mean, probability of improvement,
stratified bootstrap. A stratum is a task at a number of shots; its runs differ in the seed.
"""
import collections
import math

import numpy as np

MARGIN = 0.02  # macro-F1 under the best known that is still no failure
DRAWS = 2000
REASONS = {
    "diverged": "diverged", "class": "a class never predicted", "probe": "below the linear probe",
    "best": "over 2 points under the best known"}


def wilson(failures, runs, z=1.959964):
    """Wilson's score interval of a share (1927); (0, 1) without runs."""
    if not runs:
        return 0.0, 1.0
    share, square = failures / runs, z * z / runs
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / runs + square / (4 * runs))
    return max(0.0, centre - half), min(1.0, centre + half)


def interquartile_mean(values):
    """Mean of the middle half: a quarter is cut off at each end, rounded down to whole values."""
    values = np.sort(np.asarray(values, float))
    cut = len(values) // 4
    return float(values[cut:len(values) - cut].mean())


def by_cell(rows):
    """{(task, shots, seed): {method: row}}"""
    cells = collections.defaultdict(dict)
    for row in rows:
        cells[row["task"], row["shots"], row["seed"]][row["method"]] = row
    return cells


def strata(rows, method):
    """{(task, shots): [test macro-F1 of each seed]}"""
    result = collections.defaultdict(list)
    for row in sorted(rows, key=lambda row: row["seed"]):
        if row["method"] == method:
            result[row["task"], row["shots"]].append(row["test_macro_f1"])
    return result


def resampled(groups, generator):
    return {name: generator.choice(values, len(values)) for name, values in groups.items()}


def interval(draws):
    return tuple(float(value) for value in np.percentile(draws, (2.5, 97.5)))


def aggregate(groups, seed=1):
    """Inter-quartile mean of all runs, and its interval by the stratified bootstrap."""
    pool = lambda part: np.concatenate([np.asarray(values) for values in part.values()])  # noqa: E731
    generator = np.random.default_rng(seed)
    draws = [interquartile_mean(pool(resampled(groups, generator))) for _ in range(DRAWS)]
    return interquartile_mean(pool(groups)), interval(draws)


def improvement(ours, theirs, seed=1):
    """Probability that a run of ours has more than a run of theirs on a task, ties half, the mean over the
    strata that both have; with its interval. Seeds are not paired, as in the paper."""
    common = sorted(set(ours) & set(theirs))
    if not common:
        return None

    def probability(a, b):
        return float(np.mean([
            (np.greater.outer(a[name], b[name]) + 0.5 * np.equal.outer(a[name], b[name])).mean()
            for name in common]))

    a, b = ({name: np.asarray(groups[name]) for name in common} for groups in (ours, theirs))
    generator = np.random.default_rng(seed)
    draws = [probability(resampled(a, generator), resampled(b, generator)) for _ in range(DRAWS)]
    return probability(a, b), interval(draws)


def best_in_cell(cells, external):
    """Best known of each cell: the most that any method of the study has on the same split, or an external
    result for the task (with or without a number of shots) if that is more."""
    return {cell: max([row["test_macro_f1"] for row in runs.values()]
                      + [external[name] for name in (cell[:2], (cell[0], None)) if name in external])
            for cell, runs in cells.items()}


def best_on_average(cells, rows):
    """A milder best known: on each split, what the method with the best mean over the stratum's seeds has.
    Methods that lack some of the stratum's seeds are not asked."""
    scores, seeds = collections.defaultdict(dict), collections.defaultdict(set)
    for cell in cells:
        seeds[cell[:2]].add(cell[2])
    for method in {row["method"] for row in rows}:
        for name, values in strata(rows, method).items():
            if len(values) == len(seeds[name]):
                scores[name][method] = np.mean(values)
    winners = {name: max(means, key=means.get) for name, means in scores.items()}
    return {cell: runs[winners[cell[:2]]]["test_macro_f1"] for cell, runs in cells.items()
            if cell[:2] in winners}


def reasons(row, probe, best, probe_margin=0.0):
    """Why a run failed: a list of keys of `REASONS`, empty if it did not."""
    found = []
    if row["diverged"]:
        found.append("diverged")
    if row["never_predicted"]:
        found.append("class")
    # Rows have six digits: equal results are equal.
    if row["test_macro_f1"] < probe["test_macro_f1"] - probe_margin:
        found.append("probe")
    if best is not None and row["test_macro_f1"] < best - MARGIN:
        found.append("best")
    return found


def judged(cells, best, probe_margin=0.0):
    """{method: {cell: reasons}} of all cells that have a probe."""
    result = collections.defaultdict(dict)
    for cell, runs in cells.items():
        if "probe" not in runs:
            continue
        for method, row in runs.items():
            result[method][cell] = reasons(row, runs["probe"], best.get(cell), probe_margin)
    return result

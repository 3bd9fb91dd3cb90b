"""Holds the study's statistics, splits and rows against values known from elsewhere."""
import os
import pathlib
import tempfile

import numpy as np

import measures
import rows
import splits
import tasks


def close(value, expected, tolerance=5e-4):
    assert np.allclose(value, expected, atol=tolerance), (value, expected)


def row(method, score, seed=1, **more):
    return dict(dict(task="t", shots=20, seed=seed, method=method, test_macro_f1=score, diverged=0,
                     never_predicted=0), **more)


def statistics():
    # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3.
    close(measures.wilson(81, 263), (0.2553, 0.3662), 1e-4)
    close(measures.wilson(15, 148), (0.0624, 0.1605), 1e-4)
    close(measures.wilson(0, 20), (0.0, 0.1611), 1e-4)
    close(measures.wilson(1, 29), (0.0061, 0.1718), 1e-4)
    close(measures.interquartile_mean([100, 1, 2, 3, 4, 5, 6, -50]), 3.5)
    value, (low, high) = measures.improvement({"a": [2, 2], "b": [1]}, {"a": [1, 2], "b": [3]})
    close(value, (0.75 + 0) / 2)
    assert low <= value <= high
    value, (low, high) = measures.aggregate({"a": [0.5] * 4, "b": [0.5] * 4})
    assert value == low == high == 0.5


def failures():
    cell = [row("probe", 0.8), row("good", 0.9), row("near", 0.88), row("behind", 0.87), row("low", 0.79),
            row("blind", 0.95, never_predicted=1), row("wild", 0.1, diverged=1, never_predicted=2)]
    cells = measures.by_cell(cell[:5])
    found = measures.judged(cells, measures.best_in_cell(cells, {}))
    key = ("t", 20, 1)
    assert [found[name][key] for name in ("good", "near", "behind", "low")] \
        == [[], [], ["best"], ["probe", "best"]], found
    assert measures.judged(cells, {}, probe_margin=0.011)["low"][key] == []
    assert measures.best_in_cell(cells, {("t", None): 0.97})[key] == 0.97
    assert measures.reasons(cell[5], cell[0], 0.95) == ["class"]
    assert measures.reasons(cell[6], cell[0], 0.95) == ["diverged", "class", "probe", "best"]
    two = [row("a", 0.9), row("a", 0.5, 2), row("b", 0.8), row("b", 0.8, 2), row("c", 1.0)]
    assert measures.best_on_average(measures.by_cell(two), two) == {key: 0.8, ("t", 20, 2): 0.8}


def divisions():
    images = [tasks.Image(f"{label}/{i}.png", label, f"{label}{i // 4}") for label in "ab" for i in range(200)]
    images = tasks.cut_off_test("t", images)
    tested = {i.group for i in images if i.place == "test"}
    assert len(tested) == 30 and not tested & {i.group for i in images if i.place == "pool"}
    small, large = (splits.split("t", images, shots, 1) for shots in (20, 50))
    assert [len(small.parts[part]) for part in ("train", "val", "test")] == [40, 20, 120]
    assert set(small.parts["train"]) <= set(large.parts["train"])
    assert small.parts["test"] == splits.split("t", images, 20, 2).parts["test"]
    assert small.parts["train"] != splits.split("t", images, 20, 2).parts["train"]
    assert splits.offered("t", images, 100) and not splits.offered("t", images, 200)
    photographs = [(pathlib.Path(f"exp1_num_{number}.jpg"), "x") for number in (1000, 10, 60, 200, 400)]
    assert list(tasks.tiles(photographs).values()) == ["tile10", "tile10", "tile10", "tile400", "tile1000"]
    hands = [(pathlib.Path(f"IMG_{i}.JPG"), str(digit)) for i, digit in enumerate([0, 3, 3, 2, 9, 1, 4])]
    assert list(tasks.people(hands).values()) == ["person000"] * 5 + ["person001"] * 2


def storage():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rows.csv")
        full = dict(row("naive", 0.5), val_macro_f1="", accuracy=0.5, seconds=1.0, train_images=1, val_images=1,
                    test_images=1, settings="a, b", version="1")
        rows.append(path, full)
        rows.append(path, full)
        with open(path, "a") as file:
            file.write("t,20,2,nai")  # a run that was killed while it wrote
        assert len(rows.read(path)) == 1
        rows.append(path, dict(full, seed=2))
        assert [(r["seed"], r["settings"], r["val_macro_f1"]) for r in rows.read(path)] \
            == [(1, "a, b", None), (2, "a, b", None)]


def main():
    for part in (statistics, failures, divisions, storage):
        part()
        print(f"{part.__name__}: as expected")

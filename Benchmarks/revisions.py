"""Two revisions of Tailor beside each other: did a change make anything slower?

    python revisions.py BEFORE AFTER DATA MODEL.onnx [--rounds 7] [--images 320]

BEFORE and AFTER are folders with the two revisions' release builds of tailor and tailor-runtime, DATA is a dataset
with train/, val/ and test/, MODEL.onnx a model file. Every round runs both, one after the other, in alternating
order; the table holds medians of seconds (training: images per second) and the median and range of the rounds'
ratios AFTER / BEFORE. Caches begin empty in every round, except where a line says that they are warm.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from speed import processor, subset, tailor_rate

FLAGS = ["--no-probe", "--weight-average", "0", "--augment", "inspection",
         "--patience", "0", "--phases", "layer3:2", "--device", "cpu"]


def training_flags(tailor):
    """The same training for revisions with and without a choice of batch-norm statistics and a search."""
    text = subprocess.run([tailor, "help", "train"], check=True, capture_output=True, text=True).stdout
    chooses = "--batch-norm" in text
    return FLAGS + (["--batch-norm", "trained", "--no-search"] if chooses else ["--no-recalibrate-batch-norm"])


def seconds(command, cache):
    started = time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    return time.perf_counter() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--images", type=int, default=320)
    arguments = parser.parse_args()
    image = next(p for p in sorted((arguments.data / "test").rglob("*")) if p.is_file())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        small = folder / "data"
        subset(arguments.data, small, arguments.images)

        def fresh():
            return Path(tempfile.mkdtemp(dir=folder))

        warm = {arguments.before: fresh(), arguments.after: fresh()}

        def training(programs):
            tailor = programs / "tailor"
            return tailor_rate(tailor, small, "bundled", training_flags(tailor), fresh() / "run")

        def start_up(programs):
            return statistics.median(seconds([programs / "tailor-runtime", "--version"], warm[programs])
                                     for _ in range(5))

        cases = {
            "training, layer3 and above, images/s": training,
            "check, without features": lambda programs: seconds(
                [programs / "tailor", "check", arguments.data, "--no-features", "--json"], fresh()),
            f"check of {arguments.images} images, with features": lambda programs: seconds(
                [programs / "tailor", "check", small / "train", "--json", "--weights", "bundled"], fresh()),
            "prediction of the test folder, tailor-runtime": lambda programs: seconds(
                [programs / "tailor-runtime", "predict", arguments.model, arguments.data / "test", "--json"],
                warm[programs]),
            "cold start, one image, tailor-runtime, compiled model kept": lambda programs: seconds(
                [programs / "tailor-runtime", "predict", arguments.model, image, "--json"], warm[programs]),
            "tailor-runtime --version": start_up,
        }
        print(f"{processor()}, {os.cpu_count()} cores, {arguments.rounds} rounds; seconds unless stated (median)\n")
        print("| | before | after | after / before (range) |\n|---|---|---|---|", flush=True)
        for name, measure in cases.items():
            for programs in warm:
                measure(programs)
            pairs = []
            for number in range(arguments.rounds):
                order = list(warm) if number % 2 == 0 else list(warm)[::-1]
                found = {programs: measure(programs) for programs in order}
                pairs.append([found[programs] for programs in warm])
            ratios = sorted(after / before for before, after in pairs)
            before, after = (statistics.median(column) for column in zip(*pairs))
            print(f"| {name} | {before:.3g} | {after:.3g} | {statistics.median(ratios):.2f} "
                  f"({ratios[0]:.2f} to {ratios[-1]:.2f}) |", flush=True)


if __name__ == "__main__":
    main()

"""Training speed of Tailor beside PyTorch: the same recipe, images, batch size, threads and arithmetic, in turns.

    make bench                                                      # on the demo's images
    python speed.py TAILOR DATA WEIGHTS [--rounds 3] [--images 320] [--precision fp32|bf16]

Images per second of an epoch, decoding and augmentation included, validation not: the second epoch of each run,
so that neither side pays for its start. Tailor keeps the pretrained statistics of batch norm; PyTorch trains them, as
people write it, and in a second column keeps them, too, folded into the convolutions. Both decode from files; Tailor keeps decoded images in memory from its
first pass on, PyTorch's ImageFolder decodes every epoch anew with Pillow in worker processes. Every round
runs both programs once, one after the other; the table holds medians and the range of the rounds' ratios.
"""
import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = {"full fine-tuning": "stem", "layer3 and above": "layer3", "frozen backbone, head alone": "head"}


def subset(data, folder, images):
    """The first images of every class, in the proportions of the data, as links."""
    for split, share in (("train", images), ("val", 8)):
        classes = sorted(p for p in (data / split).iterdir() if p.is_dir())
        files = {c: sorted(p for p in c.iterdir() if p.is_file()) for c in classes}
        total = sum(map(len, files.values()))
        for c, found in files.items():
            (folder / split / c.name).mkdir(parents=True)
            for file in found[: max(1, round(share * len(found) / total))]:
                (folder / split / c.name / file.name).symlink_to(file.resolve())


def tailor_rate(program, data, weights, flags, run):
    shutil.rmtree(run, ignore_errors=True)
    subprocess.run([program, "train", data, "--output", run, "--weights", weights, "--quiet", *flags],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = list(csv.DictReader(open(run / "metrics.csv")))
    return float(rows[-1]["images_per_second"])


def pytorch_rate(data, weights, recipe, device, workers, *flags):
    twin = Path(__file__).with_name("pytorch_twin.py")
    out = subprocess.run([sys.executable, twin, data, recipe, weights, "--speed", "--device", device,
                          "--workers", str(workers), *flags], check=True,
                         capture_output=True, text=True).stdout
    return json.loads(out)["images_per_second"][-1]


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=320)
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--workers", type=int, default=2, help="threads or processes that load images")
    parser.add_argument("--precision", default="fp32", choices=["fp32", "bf16"])
    arguments = parser.parse_args()
    print(f"{processor()}, {os.cpu_count()} cores, {arguments.precision}, {arguments.images} images, "
          f"{arguments.rounds} rounds, images per second (median)\n")
    print("| | Tailor | PyTorch, batch norm trained | ratio (range) | PyTorch, frozen and folded | ratio (range) |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        data = folder / "data"
        subset(arguments.data, data, arguments.images)
        machine = arguments.device, arguments.workers
        for name, stage in CASES.items():
            flags = ["--no-probe", "--no-search", "--weight-average", "0", "--augment", "inspection",
                     "--patience", "0", "--phases", f"{stage}:2", "--precision", arguments.precision]
            on = ["--device", arguments.device, "--workers", str(arguments.workers)]
            recipes = {}
            for statistics_of in ("frozen", "trained"):
                recipes[statistics_of] = folder / f"{statistics_of}.json"
                recipes[statistics_of].write_text(subprocess.run(
                    [arguments.program, "train", data, "--print-recipe", *flags, "--batch-norm", statistics_of],
                    check=True, capture_output=True, text=True).stdout)
            rates = [
                (tailor_rate(arguments.program, data, arguments.weights, [*flags, *on, "--batch-norm", "frozen"],
                             folder / "run"),
                 pytorch_rate(data, arguments.weights, recipes["trained"], *machine),
                 pytorch_rate(data, arguments.weights, recipes["frozen"], *machine, "--fold"))
                for _ in range(arguments.rounds)]
            cells = [f"{statistics.median(r[0] for r in rates):.1f}"]
            for peer in (1, 2):
                ratios = sorted(r[0] / r[peer] for r in rates)
                cells += [f"{statistics.median(r[peer] for r in rates):.1f}",
                          f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()

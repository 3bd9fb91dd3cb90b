"""A model at work: tailor-runtime beside PyTorch, ONNX Runtime and OpenVINO from Python, in turns, on two cores.

    Scripts/bench_deployment.sh [--photos TAR_OR_FOLDER] [--images 400] [--rounds 5]
    python deployment.py TAILOR TAILOR_RUNTIME RUN [the same options]

Four tables; every round runs every participant once, each in its own process, one after the other, with the same
number of threads; figures are medians of the rounds, ratios those of the rounds with their range.

Networks: the run's network in floats (Tailor's fp32 file) and in 8 bits by Tailor, by NNCF and by ONNX Runtime's
quantizer, each in OpenVINO and ONNX Runtime from Python, and eager PyTorch. Milliseconds for one prepared picture,
the network alone, model loaded and warm. What 8 bits cost is counted on the run's validation images, on which Tailor
chose its ranges and float layers, as NNCF's accuracy control did; the others get no validation images, and all the
same number of calibration images from the same training images. quantize_peers.py says how they are called.

Folder: from a list of files to all probabilities, images per second: decoding, resizing and computing. Files are in
the operating system's cache. Peers time themselves inside a running process, their model loaded and warm;
tailor-runtime is timed from outside, its whole run less its start, which is its run on two of the images (median of
three). Images: the run's validation images, and JPEG photographs where --photos names a tar or a folder of them.

One image after another: the same on one thread, milliseconds an image; tailor-runtime's from --threads 1. (On one
thread because its command line has no way to take images one by one on two.)

Cold start: from the start of the process to its answer on standard output, one image, seconds; modules, libraries and
model files are in the operating system's cache. With cache: tailor-runtime's own, or OpenVINO's, filled before.

deployment_peer.py says how each peer is configured.
"""
import argparse
import csv
import importlib.metadata
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import numpy as np

from deployment_peer import macro_f1

HERE = Path(__file__).resolve().parent
CALIBRATION_IMAGES = 300
REFERENCE = "tailor-runtime int8"
FEATURES = ["avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16"]


# What it runs on

def cpu_info(key):
    for line in open("/proc/cpuinfo"):
        if line.startswith(key):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def cpu_features():
    flags = set(cpu_info("flags").split())
    return [name for name in FEATURES if name in flags]


def revision():
    done = subprocess.run(["git", "-C", HERE, "describe", "--always", "--dirty", "--exclude", "*"],
                          capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def use_cores(count):
    """Children inherit it."""
    available = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, available[:count])
    load = os.getloadavg()[0]
    if load > 0.3:
        print(f"warning: the machine is busy (load {load:.1f}); figures will be too low", file=sys.stderr)


def print_machine(runtime, threads, rounds):
    print(f"{cpu_info('model name')} (family {cpu_info('cpu family')}, model {cpu_info('model')}), "
          f"{len(os.sched_getaffinity(0))} cores, {threads} threads; {', '.join(cpu_features())}")
    version = subprocess.run([runtime, "--version"], capture_output=True, text=True).stdout.strip()
    names = ["torch", "torchvision", "onnxruntime", "openvino", "nncf", "pillow", "numpy"]
    print(f"Tailor {version}, revision {revision()}; " + ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in names)
        + f", Python {platform.python_version()}; {rounds} rounds\n", flush=True)


# Participants

class Bench:
    def __init__(self, a, work):
        self.tailor, self.runtime, self.run, self.work = a.tailor, a.runtime, a.run, work
        self.threads, self.rounds, self.images = a.threads, a.rounds, a.images
        self.bf16 = "avx512_bf16" in cpu_features() or "amx_bf16" in cpu_features()
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(work / "cache")}
        rows = list(csv.DictReader(open(a.run / "dataset.csv")))
        data = a.data or Path(json.loads((a.run / "run.json").read_text())["dataset"]["path"])
        self.validation = [data / row["path"] for row in rows if row["split"] == "val"]
        self.labels = [row["class"] for row in rows if row["split"] == "val"]
        train = {}
        for row in rows:
            if row["split"] == "train":
                train.setdefault(row["class"], []).append(data / row["path"])
        self.calibration = [file for files in train.values()
                            for file in spread(files, CALIBRATION_IMAGES // len(train))]
        self.make_models()

    def make_models(self):
        for precision in ("fp32", "int8"):
            print(self.command([self.tailor, "export", self.run, "--precision", precision, "--quiet", "--output",
                                self.work / f"tailor-{precision}.onnx"]), file=sys.stderr)
        import onnx
        model = onnx.load(self.work / "tailor-fp32.onnx")
        self.facts = json.loads({p.key: p.value for p in model.metadata_props}["tailor"])
        (self.work / "facts.json").write_text(json.dumps(self.facts))
        pairs = [[str(file), self.facts["classes"].index(label)]
                 for file, label in zip(self.validation, self.labels)]
        (self.work / "validation.json").write_text(json.dumps(pairs))
        print("quantizing with the peers", file=sys.stderr)
        self.command([sys.executable, HERE / "quantize_peers.py", self.work / "tailor-fp32.onnx",
                      self.list(self.calibration), self.work / "validation.json", self.work])
        self.weights = self.run / "best.safetensors"

    def list(self, files):
        """A file that names them."""
        path = self.work / f"images-{len(list(self.work.glob('images-*.txt')))}.txt"
        path.write_text("\n".join(map(str, files)))
        return path

    def command(self, arguments):
        done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, env=self.environment)
        if done.returncode:
            sys.exit(f"error: {Path(arguments[0]).name} {' '.join(map(str, arguments[1:3]))}: exit code "
                     f"{done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    def peer_command(self, engine, model, files, what, *flags, threads=None):
        return [sys.executable, HERE / "deployment_peer.py", engine, model, self.work / "facts.json",
                self.list(files), what, "--threads", threads or self.threads, *flags]

    def peer(self, *arguments, **options):
        return json.loads(self.command(self.peer_command(*arguments, **options)))

    def runtime_command(self, precision, files, *flags, threads=None):
        model = self.work / ("tailor-int8.onnx" if precision == "int8" else "tailor-fp32.onnx")
        arithmetic = [] if precision == "int8" else ["--precision", precision]
        return [self.runtime, "predict", model, *files, "--format", "csv", "--quiet", "--threads",
                threads or self.threads, *arithmetic, *flags]

    def runtime_seconds(self, *arguments, **options):
        started = time.perf_counter()
        text = self.command(self.runtime_command(*arguments, **options))
        return time.perf_counter() - started, [row["predicted"] for row in csv.DictReader(io.StringIO(text))]

    def runtime_rate(self, precision, files, threads=None):
        """Images per second once it runs, and the classes."""
        # The first of these fills the cache of compiled models, should it be empty.
        starts = [self.runtime_seconds(precision, files[:2], threads=threads)[0] for _ in range(4)][1:]
        whole, classes = self.runtime_seconds(precision, files, threads=threads)
        start = statistics.median(starts)
        if whole < 1.5 * start:
            sys.exit(f"error: {len(files)} images take {whole:.2f} s, of which {start:.2f} s are the start: too few to "
                     "time; raise --images")
        return (len(files) - 2) / (whole - start), classes

    def in_turns(self, participants, better):
        """Of name -> function to a number: name -> median, and how much better the reference is, with its range."""
        found = {name: [] for name in participants}
        for number in range(self.rounds):
            for name, body in participants.items():
                found[name].append(body())
            print(f"round {number + 1} of {self.rounds} done", file=sys.stderr)
        reference = found.get(REFERENCE) or next(iter(found.values()))
        return {name: (statistics.median(values), sorted(
            ours / theirs if better == "more" else theirs / ours for ours, theirs in zip(reference, values)))
            for name, values in found.items()}

    # Tables

    def float_kinds(self):
        return ["fp32", "bf16"] if self.bf16 else ["fp32"]

    def networks(self):
        """Row name, engine, model, file to show the size of."""
        names = {"tailor-int8.onnx": "int8, Tailor", "nncf.onnx": "int8, NNCF", "ort.onnx": "int8, ONNX Runtime",
                 "ort-first.onnx": "int8, ONNX Runtime, first layer in floats"}
        for file, name in names.items():
            yield f"{name}, in OpenVINO", "openvino-f32", self.work / file
            yield f"{name}, in ONNX Runtime", "onnxruntime", self.work / file
        yield "int8, NNCF from OpenVINO's IR, in OpenVINO", "openvino-f32", self.work / "nncf.xml"
        yield "int8, NNCF with accuracy control, in OpenVINO", "openvino-f32", self.work / "nncf-gated.xml"
        floats = self.work / "tailor-fp32.onnx"
        yield "fp32, in OpenVINO", "openvino-f32", floats
        yield "fp32, in ONNX Runtime", "onnxruntime", floats
        if self.bf16:
            yield "bf16, in OpenVINO", "openvino-bf16", floats
        for kind in self.float_kinds():
            yield f"{kind}, PyTorch eager", f"pytorch-{kind}", self.weights

    def print_networks(self):
        rows = list(self.networks())
        files = spread(self.validation, self.images)
        labels = spread(self.labels, self.images)
        classes = self.facts["classes"]
        predicted = {name: [classes[i] for i in np.argmax(self.peer(engine, model, files, "logits"), 1)]
                     for name, engine, model in rows}
        before = predicted["fp32, PyTorch eager"]
        times = self.in_turns({name: lambda engine=engine, model=model: self.peer(engine, model, files, "compute")
                               for name, engine, model in rows}, "less")
        print(f"Networks: one picture, the network alone; {len(files)} validation images\n")
        print("| | ms | times the first (range) | MB | accuracy | macro-F1 | same class as PyTorch fp32 |")
        print("|---|---|---|---|---|---|---|")
        for name, _, model in rows:
            size = model.stat().st_size + (model.with_suffix(".bin").stat().st_size if model.suffix == ".xml" else 0)
            print(f"| {name} | {times[name][0]:.2f} | {spread_text(times[name][1])} | {size / 1e6:.1f} | "
                  f"{share(predicted[name], labels):.3f} | {macro_f1(predicted[name], labels):.3f} | "
                  f"{share(predicted[name], before):.1%} |")
        print(flush=True)

    def predictors(self):
        """Row name, engine, model: what takes files."""
        for kind in self.float_kinds():
            yield f"PyTorch eager {kind}", f"pytorch-{kind}", self.weights
        yield "ONNX Runtime, Tailor's int8", "onnxruntime", self.work / "tailor-int8.onnx"
        yield "ONNX Runtime, its own int8", "onnxruntime", self.work / "ort.onnx"
        yield "OpenVINO from Python, Tailor's int8", "openvino-f32", self.work / "tailor-int8.onnx"
        yield "OpenVINO from Python, NNCF's int8", "openvino-f32", self.work / "nncf.xml"
        yield "OpenVINO from Python, NNCF's int8 with accuracy control", "openvino-f32", self.work / "nncf-gated.xml"

    def print_folder(self, title, files, compares_classes):
        classes = {}

        def ours(kind):
            rate, classes[f"tailor-runtime {kind}"] = self.runtime_rate(kind, files)
            return rate

        def theirs(name, engine, model):
            result = self.peer(engine, model, files, "rate")
            classes[name] = result["classes"]
            return result["rate"]
        participants = {f"tailor-runtime {kind}": lambda kind=kind: ours(kind) for kind in self.own_kinds()}
        participants |= {row[0]: lambda row=row: theirs(*row) for row in self.predictors()}
        rates = self.in_turns(participants, "more")
        print(f"Folder: {len(files)} {title}\n")
        print(f"| | images/s | {REFERENCE} / this (range) |"
              + (" same class as PyTorch fp32 |\n|---|---|---|---|" if compares_classes else "\n|---|---|---|"))
        for name, (rate, ratios) in rates.items():
            same = share(classes[name], classes["PyTorch eager fp32"])
            print(f"| {name} | {rate:.1f} | {spread_text(ratios)} |" + (f" {same:.1%} |" if compares_classes else ""))
        print(flush=True)

    def own_kinds(self):
        return ["int8", *self.float_kinds()]

    def print_latency(self, files):
        participants = {f"tailor-runtime {kind}": lambda kind=kind: 1e3 / self.runtime_rate(kind, files, threads=1)[0]
                        for kind in self.own_kinds()}
        participants |= {name: lambda engine=engine, model=model: self.peer(
            engine, model, files, "latency", threads=1) for name, engine, model in self.predictors()}
        print(f"One image after another, one thread: {len(files)} validation images\n")
        self.print_times(self.in_turns(participants, "less"), "ms an image", "{:.2f}")

    def print_cold_start(self, file):
        cache = self.work / "openvino-cache"

        def seconds(command):
            started = time.perf_counter()
            process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       env=self.environment)
            line = process.stdout.readline()
            elapsed = time.perf_counter() - started
            process.stdout.read()
            if process.wait() or not line.strip():
                sys.exit(f"error: no answer: {' '.join(map(str, command))}")
            return elapsed
        commands = {}
        for kind in self.own_kinds():
            commands[f"tailor-runtime {kind}"] = self.runtime_command(kind, [file])
            commands[f"tailor-runtime {kind}, no cache"] = self.runtime_command(kind, [file], "--no-cache")
        for name, engine, model in self.predictors():
            commands[name] = self.peer_command(engine, model, [file], "first")
            if engine.startswith("openvino"):
                commands[f"{name}, cache"] = self.peer_command(engine, model, [file], "first", "--cache", cache)
        for command in commands.values():  # fills the caches
            seconds(command)
        print("Cold start: one image, process start to answer\n")
        self.print_times(self.in_turns({name: lambda command=command: seconds(command)
                                        for name, command in commands.items()}, "less"), "s", "{:.3f}")

    def print_times(self, found, unit, form):
        print(f"| | {unit} | this / {REFERENCE} (range) |\n|---|---|---|")
        for name, (value, ratios) in found.items():
            print(f"| {name} | {form.format(value)} | {spread_text(ratios)} |")
        print(flush=True)


# Small things

def spread(items, count):
    return [items[i * len(items) // count] for i in range(count)] if count < len(items) else list(items)


def spread_text(ratios):
    return f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"


def share(a, b):
    assert len(a) == len(b), f"{len(a)} and {len(b)} answers"
    return sum(x == y for x, y in zip(a, b)) / len(a)


def photographs(source, folder):
    """JPEG files of a folder or of a tar, which is unpacked."""
    if source.is_file():
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        source = folder
    return sorted(p for p in source.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg") and p.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tailor", type=Path)
    parser.add_argument("runtime", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--data", type=Path, help="the run's data, where it has moved")
    parser.add_argument("--photos", type=Path, help="a tar or folder with JPEG photographs")
    parser.add_argument("--images", type=int, default=400, help="at most, of each kind")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    use_cores(a.threads)
    print_machine(a.runtime, a.threads, a.rounds)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(a, Path(folder))
        validation = spread(bench.validation, a.images)
        bench.print_networks()
        bench.print_folder("validation images of the run", validation, compares_classes=True)
        if a.photos:
            photos = spread(photographs(a.photos, Path(folder) / "photos"), a.images)
            bench.print_folder("JPEG photographs", photos, compares_classes=False)  # of other things
        bench.print_latency(validation)
        bench.print_cold_start(validation[0])


if __name__ == "__main__":
    main()

"""Where heat maps point, beside pytorch-grad-cam on the same weights: the pointing game (Zhang et al., 2016).

    python pointing_game.py TAILOR RUN DATA MASKS [--model NAME=FILE ...] [--tolerance 15] [--time 60]

For every image of a class that has masks (MASKS/<class>/<name>.png, white where the defect is): does the map's
highest pixel lie in the defect, or within the tolerance of it? RUN is a run folder; each model file exported from it is
asked through `tailor predict --heatmap --heatmap-class`. The peer is Grad-CAM at layer4 of torchvision's ResNet18 with
the run's weights, its map enlarged to the image as the package does (bilinear). Prints a table, then the time for a
map: Grad-CAM's beside the model file's in OpenVINO, both for one image on the same threads, alternating.
"""
import argparse
import csv
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import openvino
import torch
from PIL import Image
from safetensors.torch import load_file

# torchvision's wheel from PyPI registers its operators for another build of torch; none is used here.
_library = torch.library.Library("torchvision", "DEF")
for _name in ("nms", "qnms"):
    _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402
from pytorch_grad_cam import GradCAM  # noqa: E402
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget  # noqa: E402


def hits(mask, x, y, tolerance):
    rows, columns = np.nonzero(mask)
    return bool((((rows - y) ** 2 + (columns - x) ** 2) <= tolerance ** 2).any())


def tailor_peaks(tailor, model, files, name):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([tailor, "predict", model, *map(str, files), "--heatmap", folder + "/maps",
                        "--heatmap-class", name, "--quiet", "--format", "csv"], check=True, stdout=subprocess.DEVNULL)
        with open(folder + "/maps/heatmaps.csv", newline="") as table:
            return {row["image"]: (int(row["peak_x"]), int(row["peak_y"])) for row in csv.DictReader(table)}


class Peer:
    def __init__(self, run):
        record = json.loads((run / "run.json").read_text())
        self.classes, self.preprocessing = record["classes"], record["preprocessing"]
        self.network = torchvision.models.resnet18(num_classes=len(self.classes))
        self.network.load_state_dict(load_file(run / "best.safetensors"))
        self.network.eval()
        self.cam = GradCAM(self.network, [self.network.layer4[-1]])

    def prepared(self, image):
        """The input, and where the image lies in it: scale and offset along each axis."""
        p, size = self.preprocessing, self.preprocessing["imageSize"]
        mean, deviation = np.float32(p["mean"]), np.float32(p["standardDeviation"])
        if p["fit"] == "pad":
            width, height = (max(1, int(side * size / max(image.size) + 0.5)) for side in image.size)
            square = Image.new("RGB", (size, size), tuple(int(m * 255 + 0.5) for m in mean))
            left, top = (size - width) // 2, (size - height) // 2
            square.paste(image.resize((width, height), Image.Resampling.BILINEAR), (left, top))
        elif p["fit"] == "squash":
            width, height, left, top = size, size, 0, 0
            square = image.resize((size, size), Image.Resampling.BILINEAR)
        else:
            short = p["resizeShortSide"]
            width, height = (int(short * side / min(image.size)) for side in image.size)
            left, top = (-round((side - size) / 2) for side in (width, height))
            square = image.resize((width, height), Image.Resampling.BILINEAR).crop(
                (-left, -top, size - left, size - top))
        values = (np.asarray(square, np.float32) / 255 - mean) / deviation
        return torch.from_numpy(values.transpose(2, 0, 1)[None]), (width, height, left, top)

    def peak(self, image, label):
        values, (width, height, left, top) = self.prepared(image)
        map_ = self.cam(input_tensor=values, targets=[ClassifierOutputTarget(label)])[0]
        size = map_.shape[0]
        part = map_[max(top, 0):min(top + height, size), max(left, 0):min(left + width, size)]
        seen = (max(-left, 0) * image.width / width, max(-top, 0) * image.height / height)
        shape = (round(part.shape[1] * image.width / width), round(part.shape[0] * image.height / height))
        full = cv2.resize(part, shape)
        y, x = np.unravel_index(full.argmax(), full.shape)
        return x + seen[0], y + seen[1]


def times(peer, model, files, rounds):
    core = openvino.Core()
    compiled = core.compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": 2,
                                                 "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    torch.set_num_threads(2)
    inputs = [peer.prepared(Image.open(file).convert("RGB"))[0] for file in files]
    ours, theirs = [], []
    for index in range(rounds + 3):
        values = inputs[index % len(inputs)]
        start = time.perf_counter()
        request.infer({0: values.numpy()})
        middle = time.perf_counter()
        peer.cam(input_tensor=values, targets=[ClassifierOutputTarget(0)])
        end = time.perf_counter()
        if index >= 3:
            ours.append(middle - start)
            theirs.append(end - middle)
    return statistics.median(ours), statistics.median(theirs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tailor")
    parser.add_argument("run", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--model", action="append", default=[], help="NAME=FILE, a model file exported from RUN")
    parser.add_argument("--tolerance", type=float, default=15)
    parser.add_argument("--time", type=int, default=60, help="rounds")
    options = parser.parse_args()
    models = dict(item.split("=", 1) for item in options.model)
    peer = Peer(options.run)
    found = {}
    counts = {}
    shown = None
    for folder in sorted(options.masks.iterdir()):
        if folder.name not in peer.classes:
            continue
        masks = {file.stem: file for file in folder.iterdir()}
        files = [f for f in sorted(options.data.rglob(f"*/{folder.name}/*")) if f.stem in masks]
        counts[folder.name] = len(files)
        label = peer.classes.index(folder.name)
        shown = shown or files
        peaks = {name: tailor_peaks(options.tailor, model, files, folder.name) for name, model in models.items()}
        for file in files:
            mask = np.asarray(Image.open(masks[file.stem]).convert("L")) > 127
            for name in models:
                found.setdefault((name, folder.name), []).append(
                    hits(mask, *peaks[name][str(file)], options.tolerance))
            found.setdefault(("grad-cam", folder.name), []).append(
                hits(mask, *peer.peak(Image.open(file).convert("RGB"), label), options.tolerance))
    names = [*models, "grad-cam"]
    print("| class | images | " + " | ".join(names) + " |")
    print("|---|---|" + "---|" * len(names))
    for name in counts:
        print(f"| {name} | {counts[name]} | "
              + " | ".join(f"{np.mean(found[method, name]):.3f}" for method in names) + " |")
    pooled = {m: np.concatenate([found[m, name] for name in counts]) for m in names}
    print(f"| all | {sum(counts.values())} | " + " | ".join(f"{pooled[m].mean():.3f}" for m in names) + " |")
    for name, model in models.items():
        ours, theirs = times(peer, model, shown, options.time)
        print(f"{name}: answer and all maps {1000 * ours:.2f} ms, grad-cam {1000 * theirs:.1f} ms, "
              f"{theirs / ours:.1f} times")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks exported models against the programs that they are for: verify_deployment.py TAILOR WORK_FOLDER

Fine-tunes small networks to tell solar-cell images that were turned from others (easy, so that a minute of training
gives a network that 8 bits do not change much), one for each way of making a picture square, exports them in every
form, and compares: the files with onnx.checker; their logits in ONNX Runtime and in OpenVINO with those of
torchvision's resnet18 on pictures that Pillow and torchvision prepared; `tailor predict` with PyTorch's calibrated
probabilities; golden vectors; activation maps with the last stage of torchvision's network; graphs that resize for themselves with Pillow's resizing; weights for PyTorch with
`load_state_dict`; the example in Documentation/ModelFormat.md with `tailor predict`. Validation images, and odd shapes
made of them; the test images are not read. One line a check, with what was measured and what is allowed; exit code 1
when one fails.
"""
import argparse
import base64
import contextlib
import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import openvino
import torch
from PIL import Image
from safetensors.torch import load_file

# torchvision's wheel from PyPI registers its operators for another build of torch; none is used here.
_library = torch.library.Library("torchvision", "DEF")
for _name in ("nms", "qnms"):
    _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402
from torchvision import transforms as T  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
COMPARED = 100
TRAIN_FLAGS = {
    "crop": ["--image-size", "160", "--resize", "176", "--phases", "layer4:1"],
    "pad": ["--image-size", "128", "--fit", "pad", "--epochs", "0"],
    "squash": ["--image-size", "96", "--fit", "squash", "--epochs", "0"],
}
# Width and height of pictures made of validation images.
SHAPES = [(1920, 1080), (1080, 1920), (100, 400), (400, 100), (640, 480), (300, 300), (176, 176), (160, 160),
          (161, 159), (33, 47), (8, 5), (3, 200)]


class Checks:
    def __init__(self):
        self.failed = 0

    def note(self, passed, name, text):
        self.failed += not passed
        print(f"{'ok  ' if passed else 'FAIL'} {name}: {text}", flush=True)

    def at_most(self, limit, name, value, what):
        self.note(value <= limit, name, f"{what} {value:.2g} (at most {limit:g})")

    def at_least(self, limit, name, value, what):
        self.note(value >= limit, name, f"{what} {value:.2%} (at least {limit:.2%})")

    @contextlib.contextmanager
    def about(self, name):
        """An error fails this check; the others go on."""
        try:
            yield
        except Exception as error:
            self.note(False, name, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")


# Pictures

def make_data(elpv, folder, train=300):
    """Every second image is turned by a quarter. The first training images, all for validation."""
    for split, count in (("train", train), ("val", None)):
        files = sorted((elpv / split).glob("*/*"), key=lambda file: file.name)[:count]
        for index, file in enumerate(files):
            target = folder / split / ("turned", "upright")[index % 2] / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if index % 2:
                target.symlink_to(file.resolve())
            else:
                Image.open(file).transpose(Image.Transpose.ROTATE_90).save(target)


def spread(items, count):
    return [items[i * len(items) // count] for i in range(min(count, len(items)))]


def make_odd_shapes(files, folder):
    """Pictures in colour: three images of cells as red, green and blue, brought to every shape."""
    folder.mkdir()
    made = []
    for index, (width, height) in enumerate(SHAPES):
        channels = [Image.open(f).convert("L").resize((width, height)) for f in files[3 * index:3 * index + 3]]
        made.append(folder / f"{width}x{height}.png")
        Image.merge("RGB", channels).save(made[-1])
    return made


def picture(file):
    return Image.open(file).convert("RGB")


def square(image, p):
    """The picture as the network sees it, by Pillow and torchvision."""
    size = p["imageSize"]
    if p["fit"] == "crop":
        return T.CenterCrop(size)(T.Resize(p["resizeShortSide"])(image))
    if p["fit"] == "squash":
        return T.Resize((size, size))(image)
    width, height = (max(1, int(side * size / max(image.size) + 0.5)) for side in image.size)
    canvas = Image.new("RGB", (size, size), tuple(int(m * 255 + 0.5) for m in p["mean"]))
    canvas.paste(T.Resize((height, width))(image), ((size - width) // 2, (size - height) // 2))
    return canvas


def prepared(images, p):
    transform = T.Compose([T.ToTensor(), T.Normalize(p["mean"], p["standardDeviation"])])
    return torch.stack([transform(square(image, p)) for image in images]).numpy()


# Networks: functions from an input array to logits

def pytorch(state):
    model = torchvision.models.resnet18(num_classes=len(state["fc.bias"]))
    model.load_state_dict(state, strict=True)
    model.eval()

    @torch.inference_mode()
    def logits(batch):
        return torch.cat([model(part) for part in torch.from_numpy(batch).split(50)]).numpy()
    return logits


def onnx_runtime(file):
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return lambda batch: session.run(["logits"], {"image": batch})[0]


def open_vino(file):
    # Left to itself, OpenVINO computes in bfloat16 where the processor can.
    compiled = openvino.Core().compile_model(str(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()

    def logits(batch):
        request.infer({"image": batch})
        return request.get_tensor("logits").data.copy()
    return logits


RUNTIMES = {"ONNX Runtime": onnx_runtime, "OpenVINO": open_vino}


def pytorch_maps(state):
    """Activation maps of torchvision's network: its last stage by the head's weights."""
    model = torchvision.models.resnet18(num_classes=len(state["fc.bias"]))
    model.load_state_dict(state, strict=True)
    model.eval()
    last = torch.nn.Sequential(*list(model.children())[:-2])

    @torch.inference_mode()
    def maps(batch):
        return torch.cat([torch.einsum("nkyx,ck->ncyx", last(part), model.fc.weight)
                          for part in torch.from_numpy(batch).split(50)]).numpy()
    return maps


def maps_by_onnx_runtime(file):
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    return lambda batch: session.run(["maps", "logits"], {"image": batch})


def maps_by_open_vino(file):
    compiled = openvino.Core().compile_model(str(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()

    def maps(batch):
        request.infer({"image": batch})
        return [request.get_tensor(name).data.copy() for name in ("maps", "logits")]
    return maps


MAP_RUNTIMES = {"ONNX Runtime": maps_by_onnx_runtime, "OpenVINO": maps_by_open_vino}


def description(file):
    return json.loads({p.key: p.value for p in onnx.load(file).metadata_props}["tailor"])


def one_by_one(network, images):
    return np.concatenate([network(image) for image in images])


def parts(batch):
    return [batch[i:i + 1] for i in range(len(batch))]


def largest(a, b):
    return float(np.abs(a - b).max())


def relative(a, b):
    """Largest difference as a share of the largest logit."""
    return largest(a, b) / float(np.abs(b).max())


def agreement(a, b):
    return float((a.argmax(1) == b.argmax(1)).mean())


def probabilities(logits, temperature):
    scaled = torch.from_numpy(logits.astype(np.float64)) / temperature
    return scaled.softmax(1).numpy()


# The program

class Tailor:
    def __init__(self, program, work):
        self.program, self.work = program, work

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise RuntimeError(f"tailor {arguments[0]}: exit code {done.returncode}: {' '.join(lines[:4])}")
        return done.stdout

    def train(self, data, fit):
        run = self.work / f"run-{fit}"
        self.run("train", data, "--output", run, "--weights", "bundled", "--seed", "1", "--quiet", "--device", "cpu",
                 *TRAIN_FLAGS[fit])
        return run

    def export(self, run, name, *flags):
        file = self.work / name
        self.run("export", run, "--output", file, "--quiet", *flags)
        return file

    def predict(self, model, files):
        """Class and probabilities of each file."""
        text = self.run("predict", model, *files, "--format", "csv", "--no-cache", "--quiet")
        rows = {row["path"]: row for row in csv.DictReader(io.StringIO(text))}
        rows = [rows[str(file)] for file in files]
        return ([row["predicted"] for row in rows],
                np.array([[float(v) for k, v in row.items() if k.startswith("p_")] for row in rows]))


# Checks

class Verification:
    """Of one run: its pictures prepared, its logits by PyTorch."""

    def __init__(self, checks, tailor, run, validation, odd):
        self.checks, self.tailor, self.run, self.fit = checks, tailor, run, run.name.removeprefix("run-")
        self.validation, self.compared = validation, spread(validation, COMPARED) + odd
        self.state = load_file(run / "best.safetensors")
        self.network = pytorch(self.state)
        self.fp32 = tailor.export(run, f"{self.fit}-fp32.onnx", "--precision", "fp32")
        self.facts = description(self.fp32)
        self.images = [picture(file) for file in self.compared]
        self.input = prepared(self.images, self.facts["preprocessing"])
        self.expected = self.network(self.input)

    def check_file(self, name, file):
        with self.checks.about(f"{name}: onnx.checker"):
            onnx.checker.check_model(str(file), full_check=True)
            self.checks.note(True, f"{name}: onnx.checker", f"full check, {file.stat().st_size / 1e6:.1f} MB")

    def check_bias_scales(self, name, file):
        """Runtimes take the scale of a bias for input scale times weight scale, whatever the file says."""
        with self.checks.about(f"{name}: scales of biases"):
            graph = onnx.load(file).graph
            constants = {c.name: onnx.numpy_helper.to_array(c) for c in graph.initializer}
            # Of each dequantized tensor, its scale.
            scales = {n.output[0]: constants[n.input[1]] for n in graph.node if n.op_type == "DequantizeLinear"}
            layers = [[scales[i] for i in n.input] for n in graph.node
                      if n.op_type in ("Conv", "Gemm") and all(i in scales for i in n.input)]
            worst = max(float(np.abs(bias / (image * weight) - 1).max()) for image, weight, bias in layers)
            self.checks.at_most(1e-5, f"{name}: scales of biases", worst,
                                f"{len(layers)} layers in 8 bits, largest relative difference from the products' scale")

    def check_golden(self, name, file, limit):
        facts = description(file)
        for runtime, load in RUNTIMES.items():
            with self.checks.about(f"{name}: golden vectors in {runtime}"):
                network, worst = load(file), 0.0
                for vector in facts["golden"]:
                    shape = vector["height"], vector["width"], 3
                    pixels = np.frombuffer(base64.b64decode(vector["pixels"]), np.uint8).reshape(shape)
                    if facts["input"] == "external":
                        pixels = prepared([Image.fromarray(pixels)], facts["preprocessing"])
                    wanted = np.array([vector["logits"]], np.float32)
                    worst = max(worst, largest(network(pixels), wanted) / max(1.0, float(np.abs(wanted).max())))
                assert facts["golden"], "none in the file"
                self.checks.at_most(limit, f"{name}: golden vectors in {runtime}", worst,
                                    f"{len(facts['golden'])} vectors, largest relative difference")

    def check_maps(self, name, file, limit):
        """Each map beside PyTorch's in floats, the runtimes beside each other, and the sums beside the logits."""
        with self.checks.about(f"{name}: activation maps"):
            exact, biases = pytorch_maps(self.state)(self.input), np.array(description(file)["maps"]["biases"])
            found = {}
            for runtime, load in MAP_RUNTIMES.items():
                maps, logits = (np.concatenate(part) for part in zip(*map(load(file), parts(self.input))))
                found[runtime] = maps
                self.checks.at_most(limit, f"{name}: activation maps by {runtime} beside PyTorch", relative(maps, exact),
                                    f"{len(maps)} images, largest difference of a cell as a share of the highest")
                self.checks.at_most(min(limit, 0.05), f"{name}: activation maps by {runtime}",
                                    relative(maps.mean((2, 3)) + biases, logits),
                                    "mean and bias beside the logits, largest relative difference")
            first, second = found.values()
            self.checks.at_most(limit / 2, f"{name}: activation maps, ONNX Runtime beside OpenVINO",
                                relative(first, second), "largest difference of a cell as a share of the highest")
            # Cells that are nearly equal may change places; the other's highest cell must be nearly the highest here.
            first, second = (m.reshape(-1, m.shape[2] * m.shape[3]) for m in (first, second))
            there = np.take_along_axis(second, first.argmax(1)[:, None], 1)[:, 0]
            lost = (second.max(1) - there) / np.abs(second).max(1)
            same = (first.argmax(1) == second.argmax(1)).mean()
            self.checks.at_most(limit / 4, f"{name}: activation maps, highest cell of ONNX Runtime in OpenVINO",
                                float(lost.max()), f"the same in {same:.1%} of the maps, else lower by a share of")

    def check_floats(self):
        name = f"{self.fit} fp32"
        self.check_file(name, self.fp32)
        for runtime, load in RUNTIMES.items():
            with self.checks.about(f"{name}: {runtime} beside PyTorch"):
                self.checks.at_most(
                    1e-4, f"{name}: {runtime} beside PyTorch", largest(load(self.fp32)(self.input), self.expected),
                    f"{len(self.input)} images, largest difference of a logit")
        self.check_golden(name, self.fp32, 1e-3)
        self.check_maps(name, self.fp32, 1e-3)

    def check_prediction(self, name, file, limit):
        with self.checks.about(f"{name}: tailor predict beside PyTorch"):
            predicted, shares = self.tailor.predict(file, self.compared)
            temperature = self.facts["calibration"]["temperature"]
            wanted = probabilities(self.expected, temperature)
            self.checks.at_most(limit, f"{name}: tailor predict beside PyTorch", largest(shares, wanted),
                                f"{len(shares)} images, temperature {temperature:.3f}, largest difference of a "
                                "probability")
            classes = [self.facts["classes"][i] for i in shares.argmax(1)]
            self.checks.note(predicted == classes, f"{name}: tailor predict", "its class is the most probable one")

    def check_precision(self, precision, limit):
        name = f"{self.fit} {precision}"
        with self.checks.about(name):
            file = self.tailor.export(self.run, f"{self.fit}-{precision}.onnx", "--precision", precision)
            self.check_file(name, file)
            if precision == "int8":
                self.check_bias_scales(name, file)
            images = prepared([picture(f) for f in self.validation], self.facts["preprocessing"])
            exact = self.network(images)
            # One by one: dynamic ranges are those of a batch.
            logits = {runtime: one_by_one(load(file), parts(images)) for runtime, load in RUNTIMES.items()}
            first, second = logits.values()
            self.checks.at_least(0.995, f"{name}: ONNX Runtime beside OpenVINO", agreement(first, second),
                                 f"{len(images)} images, same class")
            self.checks.at_most(min(limit, 0.05), f"{name}: ONNX Runtime beside OpenVINO", relative(first, second),
                                "largest relative difference of a logit")
            for runtime, got in logits.items():
                self.checks.at_most(limit, f"{name}: {runtime} beside PyTorch in fp32", relative(got, exact),
                                    f"same class {agreement(got, exact):.2%}, largest relative difference of a logit")
            self.check_golden(name, file, min(limit, 0.1))
            self.check_maps(name, file, limit)
            return file

    def check_embedded(self, precision, external, limit):
        """Bytes in, whatever their size: beside the same network on what Pillow made of them."""
        name = f"{self.fit} {precision} embedded"
        with self.checks.about(name):
            file = self.tailor.export(self.run, f"{self.fit}-{precision}-embedded.onnx", "--precision", precision,
                                      "--preprocess", "embedded")
            self.check_file(name, file)
            for runtime, load in RUNTIMES.items():
                with self.checks.about(f"{name}: {runtime} on bytes beside Pillow"):
                    wanted = one_by_one(load(external), parts(self.input))
                    got = one_by_one(load(file), [np.asarray(image) for image in self.images])
                    worst = self.images[int(np.abs(got - wanted).max(1).argmax())].size
                    self.checks.at_most(
                        limit, f"{name}: {runtime} on bytes beside Pillow", relative(got, wanted),
                        f"{len(got)} images, same class {agreement(got, wanted):.2%}, worst at "
                        f"{worst[0]}x{worst[1]}, largest relative difference of a logit")
            self.check_golden(name, file, min(limit, 0.1))
            return file

    def check_weights_for_pytorch(self):
        loaders = {"safetensors": load_file, "pth": lambda file: torch.load(file, weights_only=True)}
        for kind, load in loaders.items():
            name = f"{self.fit} {kind}: torchvision load_state_dict beside the run"
            with self.checks.about(name):
                file = self.tailor.export(self.run, f"{self.fit}.{kind}", "--format", kind)
                self.checks.at_most(1e-6, name, largest(pytorch(load(file))(self.input), self.expected),
                                    f"{len(self.input)} images, largest difference of a logit")

    def check_example(self, model):
        """The first Python block of the documentation of the format, as a reader would run it."""
        name = "Documentation/ModelFormat.md: its example beside tailor predict"
        with self.checks.about(name):
            text = (ROOT / "Documentation/ModelFormat.md").read_text()
            script = self.tailor.work / "example.py"
            script.write_text(re.search(r"^```python\n(.*?)^```", text, re.M | re.S).group(1))
            worst, files = 0.0, spread(self.compared, 8)
            for file, label, shares in zip(files, *self.tailor.predict(model, files)):
                done = subprocess.run([sys.executable, script, model, file], capture_output=True, text=True)
                assert done.returncode == 0, done.stderr.strip().splitlines()[-1:]
                answer = done.stdout.strip().splitlines()[-1]
                number = re.search(r"([0-9.]+)\s*(%?)\s*$", answer)
                assert number and label in answer, f"{file.name}: expected {label}, got {answer!r}"
                worst = max(worst, abs(float(number[1]) / (100 if number[2] else 1) - shares.max()))
            self.checks.at_most(0.01, name, worst, f"{len(files)} images, largest difference of a probability")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("work", type=Path, help="folder for what is made; deleted first")
    parser.add_argument("--data", type=Path, default=ROOT / ".deps/elpv")
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    onnxruntime.set_default_logger_severity(3)
    make_data(arguments.data, work / "data")
    validation = sorted((work / "data/val").glob("*/*"))
    odd = make_odd_shapes(validation[::10], work / "odd")
    checks, tailor = Checks(), Tailor(arguments.program.resolve(), work)
    print(f"onnx {onnx.__version__}, ONNX Runtime {onnxruntime.__version__}, "
          f"OpenVINO {openvino.__version__.split('-')[0]}, PyTorch {torch.__version__}, Pillow {Image.__version__}")
    for fit in TRAIN_FLAGS:
        with checks.about(fit):
            of_run = Verification(checks, tailor, tailor.train(work / "data", fit), validation, odd)
            of_run.check_floats()
            of_run.check_prediction(f"{fit} fp32", of_run.fp32, 1e-4)
            embedded = of_run.check_embedded("fp32", of_run.fp32, 0.05)
            if embedded:
                # Grey levels that are rounded otherwise: as for the logits on bytes, as a share of all.
                of_run.check_prediction(f"{fit} fp32 embedded", embedded, 0.05)
            if fit != "crop":
                continue
            if embedded:
                of_run.check_example(embedded)
            of_run.check_precision("fp16", 0.01)
            of_run.check_precision("int8-dynamic", 0.05)
            quantized = of_run.check_precision("int8", 0.2)
            if quantized:
                of_run.check_embedded("int8", quantized, 0.2)
            of_run.check_weights_for_pytorch()
    if checks.failed:
        sys.exit(f"{checks.failed} checks failed")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Checks what export writes for other programs: verify_exports.py TAILOR WORK_FOLDER

Takes the runs that verify_deployment.py left in WORK_FOLDER, one for each way of making a picture square. `--format
huggingface`: timm and transformers load the folder; their preparation beside Pillow's and torchvision's, their logits
beside torchvision's resnet18, and the programs of the model card beside `tailor predict`. `--format tensorrt`: the rules
of TensorRT's explicit quantization, and the graph as ONNX Runtime computes it node by node beside floats; where the
package tensorrt and a GPU are, an engine is built. `--format fp32`: fixed shapes, calibration images beside Pillow's, the
logits in ONNX Runtime. One line a check; exit code 1 when one fails.
"""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import verify_deployment as deployment
from verify_deployment import COMPARED, Checks, Tailor, agreement, description, largest, relative, spread

# After verify_deployment, which makes torchvision loadable.
import timm  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from huggingface_hub import ModelCard  # noqa: E402
from PIL import Image  # noqa: E402
from transformers import AutoImageProcessor, AutoModelForImageClassification  # noqa: E402

# The card's programs begin with it: see verify_deployment.
LOADABLE = """import torch
_library = torch.library.Library("torchvision", "DEF")
for _name in ("nms", "qnms"):
    _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
"""


class Exports:
    """Of one run: its pictures prepared, its logits by PyTorch."""

    def __init__(self, checks, tailor, run):
        self.checks, self.tailor, self.run, self.fit = checks, tailor, run, run.name.removeprefix("run-")
        work = run.parent
        self.validation = sorted((work / "data/val").glob("*/*"))
        self.files = spread(self.validation, COMPARED) + sorted((work / "odd").glob("*"))
        self.images = [deployment.picture(file) for file in self.files]
        record = json.loads((run / "run.json").read_text())
        self.classes, self.p = record["classes"], record["preprocessing"]
        self.p.setdefault("resizeShortSide", self.p["imageSize"])
        self.temperature = record["calibration"]["temperature"]
        self.network = deployment.pytorch(deployment.load_file(run / "best.safetensors"))
        self.input = deployment.prepared(self.images, self.p)
        self.expected = self.network(self.input)

    def folder(self, kind, *flags):
        target = self.run.parent / f"{self.fit}-{kind}"
        shutil.rmtree(target, ignore_errors=True)
        return self.tailor.export(self.run, target.name, "--format", kind, *flags)

    # timm and transformers

    def check_huggingface(self):
        name = f"{self.fit} huggingface"
        with self.checks.about(name):
            folder = self.folder("huggingface")
            model = timm.create_model(f"local-dir:{folder}", pretrained=True).eval()
            transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
            by_timm = np.stack([transform(image).numpy() for image in self.images])
            self.check_preparation(f"{name}: timm's preparation", by_timm)
            with torch.inference_mode():
                logits = model(torch.from_numpy(self.input)).numpy()
            self.checks.at_most(1e-5, f"{name}: timm beside torchvision", largest(logits, self.expected),
                                f"{len(logits)} images, largest difference of a logit")
            labels = model.pretrained_cfg["label_names"]
            self.checks.note(list(labels) == self.classes, f"{name}: timm's labels", ", ".join(labels))

            processor = AutoImageProcessor.from_pretrained(folder)
            other = AutoModelForImageClassification.from_pretrained(folder).eval()
            pixels = processor(self.images, return_tensors="pt")["pixel_values"]
            self.checks.at_most(0, f"{name}: transformers' preparation beside timm's", largest(pixels.numpy(), by_timm),
                                f"{len(pixels)} images, largest difference")
            with torch.inference_mode():
                logits = other(torch.from_numpy(self.input)).logits.numpy()
            self.checks.at_most(1e-5, f"{name}: transformers beside torchvision", largest(logits, self.expected),
                                f"{len(logits)} images, largest difference of a logit")
            labels = [other.config.id2label[i] for i in range(len(self.classes))]
            self.checks.note(labels == self.classes, f"{name}: transformers' labels", ", ".join(labels))
            self.check_card(name, folder)

    def check_preparation(self, name, prepared):
        """Exactly torchvision's. Padding: a side of exactly half a pixel is rounded otherwise, as the card says."""
        same = [np.array_equal(a, b) for a, b in zip(prepared, self.input)]
        halves = [self.p["fit"] == "pad" and any(side * self.p["imageSize"] * 2 % (2 * max(image.size)) == max(image.size)
                                                 for side in image.size) for image in self.images]
        wrong = [file.name for file, equal, half in zip(self.files, same, halves) if not equal and not half]
        self.checks.note(not wrong, name, f"{sum(same)} of {len(same)} images bit for bit as torchvision's, "
                         f"{sum(halves)} with half pixels{': ' + ', '.join(wrong) if wrong else ''}")

    def check_card(self, name, folder):
        """The Python blocks of the model card, as a reader would run them."""
        files = spread(self.validation, 2) + [self.transparent()]
        predicted, shares = self.tailor.predict(self.tailor.export(self.run, f"{self.fit}-card.onnx", "--precision",
                                                                   "fp32"), files)
        card = ModelCard.load(folder / "README.md")
        self.checks.note(card.data.library_name == "timm", f"{name}: the card in the Hub's library",
                         f"tags {', '.join(card.data.tags)}")
        blocks = re.findall(r"^```python\n(.*?)^```", (folder / "README.md").read_text(), re.M | re.S)
        assert len(blocks) == 2, f"{len(blocks)} blocks of Python"
        for library, block in zip(("timm", "transformers"), blocks):
            worst = 0.0
            for file, label, row in zip(files, predicted, shares):
                done = subprocess.run([sys.executable, "-c", LOADABLE + block, file], cwd=folder, capture_output=True,
                                      text=True)
                assert done.returncode == 0, done.stderr.strip().splitlines()[-1:]
                answer, share = done.stdout.strip().splitlines()[-1].rsplit(" ", 1)
                assert answer == label, f"{file.name}: expected {label}, got {answer}"
                worst = max(worst, abs(float(share) - row.max()))
            self.checks.at_most(1e-3, f"{name}: the card's program for {library} beside tailor predict", worst,
                                f"{len(files)} images, largest difference of a probability")

    def transparent(self):
        """A picture that fades out to the right, which the libraries by themselves would see whole."""
        picture = self.images[0].copy()
        picture.putalpha(Image.linear_gradient("L").rotate(90).resize(picture.size))
        file = self.run.parent / "transparent.png"
        picture.save(file)
        return file

    # TensorRT

    def check_tensorrt(self):
        name = f"{self.fit} tensorrt"
        with self.checks.about(name):
            file = self.tailor.export(self.run, f"{self.fit}-tensorrt.onnx", "--format", "tensorrt")
            onnx.checker.check_model(str(file), full_check=True)
            self.check_rules(name, onnx.load(file).graph, set(description(file)["quantization"]["floatLayers"]))
            options = onnxruntime.SessionOptions()
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
            images = deployment.prepared([deployment.picture(f) for f in self.validation], self.p)
            got = np.concatenate([session.run(["logits"], {"image": part})[0] for part in deployment.parts(images)])
            exact = self.network(images)
            self.checks.at_least(0.99, f"{name}: node by node in ONNX Runtime beside PyTorch in fp32",
                                 agreement(got, exact), f"{len(got)} images, largest relative difference of a logit "
                                 f"{relative(got, exact):.2g}, same class")
            self.build_engine(name, file)

    def check_rules(self, name, graph, floats):
        """TensorRT 10 and 11, "Working with Quantized Types": symmetric int8, constant scales, biases in floats."""
        constants = {c.name: onnx.numpy_helper.to_array(c) for c in graph.initializer}
        maker = {output: node for node in graph.node for output in node.output}
        kind = lambda value: maker[value].op_type if value in maker else "constant" if value in constants else "input"
        pairs = [n for n in graph.node if n.op_type in ("QuantizeLinear", "DequantizeLinear")]
        zeros = all(constants[n.input[2]].dtype == np.int8 and not constants[n.input[2]].any() for n in pairs)
        scales = all((constants[n.input[1]] > 0).all() for n in pairs)
        self.checks.note(zeros and scales, f"{name}: zero points and scales",
                         f"{len(pairs)} nodes, all zero points int8 and 0, all scales above 0")
        types = sorted({str(value.dtype) for value in constants.values()})
        self.checks.note(not {"uint8", "int32"} & set(types), f"{name}: types of constants", ", ".join(types))
        layers = [n for n in graph.node if n.op_type == "Conv" and len(n.input) == 3]
        ok = [all(kind(i) == "DequantizeLinear" for i in n.input[:2]) and constants[n.input[2]].dtype == np.float32
              for n in layers if n.name.removesuffix(".raw") not in floats]
        self.checks.note(len(layers) == 20 and all(ok), f"{name}: convolutions",
                         f"{sum(ok)} of {len(layers)} on dequantized activations and weights with biases in floats")
        sums = [n for n in graph.node if n.op_type == "Add" and n.name.endswith(".sum")]
        ok = [all(kind(i) == "DequantizeLinear" for i in n.input) for n in sums]
        self.checks.note(len(sums) == 8 and (all(ok) or floats), f"{name}: residual additions",
                         f"{sum(ok)} of {len(sums)} with both inputs dequantized")
        first = next(n for n in graph.node if n.op_type == "QuantizeLinear")
        self.checks.note(first.input[0] == graph.input[0].name, f"{name}: input", "quantized as it comes, normalised")

    def build_engine(self, name, file):
        try:
            import tensorrt
        except ImportError:
            return
        if not torch.cuda.is_available():
            return
        logger = tensorrt.Logger(tensorrt.Logger.WARNING)
        builder = tensorrt.Builder(logger)
        # In version 11 every network is.
        typed = getattr(tensorrt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
        network = builder.create_network(0 if typed is None else 1 << int(typed))
        parser = tensorrt.OnnxParser(network, logger)
        parsed = parser.parse(file.read_bytes())
        errors = "; ".join(str(parser.get_error(i)) for i in range(parser.num_errors))
        self.checks.note(parsed, f"{name}: parsed by TensorRT {tensorrt.__version__}", errors or "no errors")
        configuration = builder.create_builder_config()
        profile = builder.create_optimization_profile()
        side = self.p["imageSize"]
        profile.set_shape("image", (1, 3, side, side), (8, 3, side, side), (32, 3, side, side))
        configuration.add_optimization_profile(profile)
        engine = builder.build_serialized_network(network, configuration) if parsed else None
        self.checks.note(engine is not None, f"{name}: built by TensorRT", f"{engine.nbytes if engine else 0} bytes")

    # Compilers of other makers

    def check_static(self):
        name = f"{self.fit} fp32"
        with self.checks.about(name):
            folder = self.folder("fp32", "--calibration-images", "12")
            model = onnx.load(folder / "model.onnx")
            onnx.checker.check_model(model, full_check=True)
            shapes = [[d.dim_value for d in v.type.tensor_type.shape.dim]
                      for v in (*model.graph.input, *model.graph.output)]
            side = self.p["imageSize"]
            self.checks.note(shapes == [[1, 3, side, side], [1, len(self.classes)]], f"{name}: shapes", str(shapes))
            facts = json.loads((folder / "model.json").read_text())
            paths = (folder / "calibration.txt").read_text().splitlines()
            images = [np.asarray(Image.open(folder / path)) for path in paths]
            training = sorted((self.run.parent / "data/train").glob("*/*"))
            known = {np.asarray(deployment.square(deployment.picture(f), self.p)).tobytes() for f in training}
            found = sum(image.tobytes() in known for image in images)
            self.checks.note(found == len(paths) == 12, f"{name}: calibration images",
                             f"{found} of {len(paths)} are training images, to the bit as Pillow resizes them")
            # As a compiler is told to normalise.
            mean, deviation = (np.array(facts["normalization"][k]) for k in ("mean", "standardDeviation"))
            squares = [np.asarray(deployment.square(image, self.p)) for image in self.images]
            batch = [((s - mean) / deviation).astype(np.float32).transpose(2, 0, 1)[None] for s in squares]
            session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
            got = np.concatenate([session.run(["logits"], {"image": image})[0] for image in batch])
            self.checks.at_most(1e-4, f"{name}: ONNX Runtime beside PyTorch", largest(got, self.expected),
                                f"{len(got)} images, normalised by model.json, largest difference of a logit")
            self.checks.note(facts["classes"] == self.classes and facts["temperature"] == self.temperature,
                             f"{name}: model.json", "classes and temperature are the run's")


def main():
    program, work = (Path(argument).resolve() for argument in sys.argv[1:3])
    onnxruntime.set_default_logger_severity(3)
    checks, tailor = Checks(), Tailor(program, work)
    print(f"timm {timm.__version__}, transformers {transformers.__version__}")
    for fit in deployment.TRAIN_FLAGS:
        exports = Exports(checks, tailor, work / f"run-{fit}")
        exports.check_huggingface()
        exports.check_static()
        if fit == "crop":
            exports.check_tensorrt()
    if checks.failed:
        sys.exit(f"{checks.failed} checks failed")


if __name__ == "__main__":
    main()

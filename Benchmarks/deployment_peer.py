"""Prediction with the field's tools from Python, as fast as we could write it: the peers of deployment.py.

    python deployment_peer.py ENGINE MODEL FACTS.json IMAGES.txt WHAT [--threads 2] [--cache FOLDER]

ENGINE is pytorch-fp32 or pytorch-bf16 (MODEL: a run's best.safetensors), onnxruntime, or openvino-f32 or
openvino-bf16, the arithmetic of what is not in 8 bits (MODEL: .onnx or .xml). FACTS.json is the `tailor` entry of a
model file, IMAGES.txt names a file a line. WHAT:

first    class of the first image: for timing a start from outside
rate     images per second, files to probabilities, many at once; and every class
latency  median milliseconds, file to probabilities, one after the other
compute  median milliseconds of the network alone, batch 1, one prepared picture again and again
logits   of every image

Models are loaded and warm before anything is timed. Prints one JSON document.

Threads: one image at a time gets all of them. Many at once: ONNX Runtime and OpenVINO get one Python thread and one
inference thread (or stream) a core, each of which decodes and computes (Pillow, NumPy and the runtimes let go of the
interpreter's lock); PyTorch gets a DataLoader with two processes and batches of 32, which was faster than threads,
one process, and batches of 1 and 8. OpenVINO takes bytes, channels last, and normalises in the graph.
"""
import argparse
import json
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

WARM_UP = 8
RUNS = 100


def square(file, p):
    """The evaluation transform before normalisation, [size, size, 3] bytes: torchvision's in Pillow alone."""
    assert p["fit"] == "crop", "only --fit crop is written here"
    image = Image.open(file).convert("RGB")
    short, size = p["resizeShortSide"], p["imageSize"]
    width, height = image.size
    to = (short, int(short * height / width)) if width <= height else (int(short * width / height), short)
    image = image.resize(to, Image.Resampling.BILINEAR)
    left, top = round((image.width - size) / 2), round((image.height - size) / 2)
    return np.asarray(image.crop((left, top, left + size, top + size)))


def normalised(pixels, p):
    """[1, 3, size, size]"""
    deviation, mean = np.array(p["standardDeviation"], np.float32), np.array(p["mean"], np.float32)
    return np.ascontiguousarray((pixels * (1 / (255 * deviation)) - mean / deviation).transpose(2, 0, 1)[None])


class ONNXRuntime:
    def __init__(self, engine, model, p, threads, streams, cache):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads // streams
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.p, self.threads = p, threads

    def prepare(self, file):
        return normalised(square(file, self.p), self.p)

    def logits(self, input):
        return self.session.run(["logits"], {"image": input})[0][0]

    def all(self, files):
        with ThreadPoolExecutor(self.threads) as pool:
            return np.stack(list(pool.map(lambda file: self.logits(self.prepare(file)), files)))


class OpenVINO:
    def __init__(self, engine, model, p, threads, streams, cache):
        import openvino
        from openvino.preprocess import PrePostProcessor
        core = openvino.Core()
        network = core.read_model(model)
        network.reshape([1, 3, p["imageSize"], p["imageSize"]])
        processor = PrePostProcessor(network)
        image = processor.input()
        image.tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        image.model().set_layout(openvino.Layout("NCHW"))
        image.preprocess().convert_element_type(openvino.Type.f32).mean(
            [255 * value for value in p["mean"]]).scale([255 * value for value in p["standardDeviation"]])
        settings = {"PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
                    "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": streams,
                    "INFERENCE_PRECISION_HINT": engine.split("-")[1]}
        if cache:
            settings["CACHE_DIR"] = cache
        self.compiled = core.compile_model(processor.build(), "CPU", settings)
        self.p, self.threads, self.of_thread = p, threads, threading.local()

    def prepare(self, file):
        return square(file, self.p)[None]

    def logits(self, input):
        if not hasattr(self.of_thread, "request"):
            self.of_thread.request = self.compiled.create_infer_request()
        self.of_thread.request.infer([input], share_inputs=True)
        return self.of_thread.request.get_tensor("logits").data[0].copy()

    all = ONNXRuntime.all


class PyTorch:
    """Eager, channels last, bf16 by autocast."""

    def __init__(self, engine, model, p, threads, streams, cache):
        import torch
        # torchvision's wheel from PyPI registers its operators for another build of torch; none is used here.
        self.library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            self.library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import torchvision
        from safetensors.torch import load_file
        from torchvision import transforms as T
        torch.set_num_threads(threads)
        self.torch, self.threads, self.bf16 = torch, threads, engine.endswith("bf16")
        state = load_file(model)
        self.network = torchvision.models.resnet18(num_classes=len(state["fc.bias"]))
        self.network.load_state_dict(state)
        self.network.eval().to(memory_format=torch.channels_last)
        assert p["fit"] == "crop", "only --fit crop is written here"
        self.transform = T.Compose([T.Resize(p["resizeShortSide"]), T.CenterCrop(p["imageSize"]), T.ToTensor(),
                                    T.Normalize(p["mean"], p["standardDeviation"])])

    def prepare(self, file):
        return self.transform(Image.open(file).convert("RGB"))[None].to(memory_format=self.torch.channels_last)

    def batch(self, images):
        with self.torch.inference_mode(), self.torch.autocast("cpu", self.torch.bfloat16, enabled=self.bf16):
            return self.network(images).float().numpy()

    def logits(self, input):
        return self.batch(input)[0]

    def all(self, files):
        class Files(self.torch.utils.data.Dataset):
            def __len__(_):
                return len(files)

            def __getitem__(_, index):
                return self.transform(Image.open(files[index]).convert("RGB"))
        loader = self.torch.utils.data.DataLoader(Files(), 32, num_workers=self.threads)
        return np.concatenate([self.batch(x.to(memory_format=self.torch.channels_last)) for x in loader])


ENGINES = {"onnxruntime": ONNXRuntime, "openvino": OpenVINO, "pytorch": PyTorch}


def softmax(logits, temperature):
    scaled = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
    return scaled / scaled.sum(-1, keepdims=True)


def macro_f1(predicted, labels):
    scores = []
    for name in sorted(set(labels)):
        hits = sum(p == l == name for p, l in zip(predicted, labels))
        given, true = predicted.count(name), labels.count(name)
        scores.append(2 * hits / (given + true) if given + true else 0.0)
    return statistics.mean(scores)


def milliseconds(body, inputs):
    times = []
    for input in inputs:
        started = time.perf_counter()
        body(input)
        times.append(1e3 * (time.perf_counter() - started))
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine")
    parser.add_argument("model")
    parser.add_argument("facts")
    parser.add_argument("images")
    parser.add_argument("what", choices=["first", "rate", "latency", "compute", "logits"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", help="where OpenVINO keeps compiled models")
    a = parser.parse_args()
    facts, files = json.load(open(a.facts)), open(a.images).read().splitlines()
    peer = ENGINES[a.engine.split("-")[0]](
        a.engine, a.model, facts["preprocessing"], a.threads, a.threads if a.what == "rate" else 1, a.cache)

    def probabilities(file):
        return softmax(peer.logits(peer.prepare(file)), facts["calibration"]["temperature"])
    if a.what == "first":
        result = facts["classes"][int(probabilities(files[0]).argmax())]
    elif a.what == "logits":
        result = [peer.logits(peer.prepare(file)).tolist() for file in files]
    elif a.what == "rate":
        for file in files[:WARM_UP]:
            probabilities(file)
        started = time.perf_counter()
        shares = softmax(peer.all(files), facts["calibration"]["temperature"])
        result = dict(rate=len(files) / (time.perf_counter() - started),
                      classes=[facts["classes"][i] for i in shares.argmax(1)])
    elif a.what == "latency":
        milliseconds(probabilities, files[:WARM_UP])
        result = milliseconds(probabilities, files)
    else:
        picture = peer.prepare(files[0])
        milliseconds(peer.logits, [picture] * WARM_UP)
        result = milliseconds(peer.logits, [picture] * RUNS)
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

"""The network in 8 bits by the field's own tools: what deployment.py compares Tailor's int8 file with.

    python quantize_peers.py FP32.onnx CALIBRATION.txt VALIDATION.json FOLDER

CALIBRATION.txt names the calibration images, a line each: as many from the same split as Tailor's; VALIDATION.json
holds pairs of a path and a class number. Writes

nncf.onnx        NNCF's `quantize` of the ONNX file, its defaults (performance preset, fast bias correction)
nncf.xml         the same of the file as OpenVINO reads it
nncf-gated.xml   NNCF's `quantize_with_accuracy_control`: layers go back to floats until macro-F1 on the validation
                 images has fallen by half a point at most, which is Tailor's own limit
ort.onnx         ONNX Runtime's `quant_pre_process` and `quantize_static`: QDQ, unsigned activations, signed weights,
                 one scale an output channel, ranges from minima and maxima
ort-first.onnx   the same, the first convolution left in floats, as its users do when answers suffer
"""
import argparse
import contextlib
import json
import logging
import sys
from pathlib import Path

from deployment_peer import macro_f1, normalised, square


MAXIMUM_DROP = 0.005


def by_nncf(model, images, validation, folder):
    import nncf
    import onnx
    import openvino
    nncf.set_log_level(logging.ERROR)

    def read():
        network = openvino.Core().read_model(model)
        network.reshape({"image": [-1, *images[0].shape[1:]]})
        return network

    def score(compiled, items):
        answers = [(int(compiled({"image": image})["logits"].argmax()), label) for image, label in items]
        return macro_f1(*zip(*answers))
    calibration = nncf.Dataset(images, lambda image: {"image": image})
    onnx.save(nncf.quantize(onnx.load(model), calibration, subset_size=len(images)), folder / "nncf.onnx")
    quantized = nncf.quantize(read(), calibration, subset_size=len(images))
    openvino.save_model(quantized, folder / "nncf.xml", compress_to_fp16=False)
    gated = nncf.quantize_with_accuracy_control(
        read(), calibration, nncf.Dataset(validation), score, subset_size=len(images), max_drop=MAXIMUM_DROP)
    openvino.save_model(gated, folder / "nncf-gated.xml", compress_to_fp16=False)


def by_onnx_runtime(model, images, folder):
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.left = iter(images)

        def get_next(self):
            image = next(self.left, None)
            return None if image is None else {"image": image}

    prepared = folder / "prepared.onnx"
    quant_pre_process(str(model), str(prepared))
    first = next(node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv")
    assert first, "the first convolution has no name"
    for name, excluded in (("ort", []), ("ort-first", [first])):
        quantize_static(str(prepared), str(folder / f"{name}.onnx"), Reader(), quant_format=QuantFormat.QDQ,
                        per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                        nodes_to_exclude=excluded)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("calibration", type=Path)
    parser.add_argument("validation", type=Path)
    parser.add_argument("folder", type=Path)
    a = parser.parse_args()
    import onnx
    p = json.loads({p.key: p.value for p in onnx.load(a.model).metadata_props}["tailor"])["preprocessing"]
    images = [normalised(square(file, p), p) for file in a.calibration.read_text().splitlines()]
    validation = [(normalised(square(file, p), p), label) for file, label in json.loads(a.validation.read_text())]
    with contextlib.redirect_stdout(sys.stderr):
        by_onnx_runtime(a.model, images, a.folder)
        by_nncf(a.model, images, validation, a.folder)


if __name__ == "__main__":
    main()

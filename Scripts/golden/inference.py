#!/usr/bin/env python3
"""Golden model file for Tests/InferenceProductTests: one whose logits can be computed by hand.

Made with onnx 1.23.2; nothing is random.
- colors.onnx: features are the means of the normalised channels; logits = features @ WEIGHT.T + BIAS. Its digest and
  description are as ModelFormat.md says.
Usage: inference.py [OUTDIR]
"""
import base64
import hashlib
import json
import pathlib
import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper

SIDE = 4
MEAN, DEVIATION = [0.5, 0.25, 0.75], [0.5, 0.25, 0.25]
WEIGHT = np.array([[1, 0, 0], [0, 2, 0], [0.5, 0, -1]], np.float32)
BIAS = np.array([0, 0.25, -0.5], np.float32)
# What a golden vector shows: 4 × 4 pixels of it.
COLOR = (255, 0, 255)


def logits(color):
    features = (np.array(color) / 255 - MEAN) / DEVIATION
    return [float(value) for value in features @ WEIGHT.T + BIAS]


def description():
    return {
        "schema": 1, "tailorVersion": "0.1.0", "architecture": "resnet18", "classes": ["red", "green", "neither blue"],
        "input": "external", "precision": "fp32",
        "preprocessing": {
            "fit": "crop", "imageSize": SIDE, "resizeShortSide": SIDE, "mean": MEAN, "standardDeviation": DEVIATION},
        "calibration": {"temperature": 2}, "decision": {"minimumProbability": 0.5, "coverage": []},
        "golden": [{
            "width": SIDE, "height": SIDE, "pixels": base64.b64encode(bytes(COLOR) * SIDE * SIDE).decode(),
            "logits": logits(COLOR)}],
    }


def model():
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["image"], ["pooled"], name="pool"),
            helper.make_node("Flatten", ["pooled"], ["features"], name="flatten", axis=1),
            helper.make_node("Gemm", ["features", "weight", "bias"], ["logits"], name="head", transB=1),
        ], "colors",
        initializer=[numpy_helper.from_array(WEIGHT, "weight"), numpy_helper.from_array(BIAS, "bias")],
        inputs=[helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
        outputs=[
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 3]),
            helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", 3]),
        ])
    made = helper.make_model(
        graph, ir_version=10, producer_name="tailor", opset_imports=[helper.make_opsetid("", 17)])
    text = json.dumps(description(), sort_keys=True)
    digest = hashlib.sha256(made.graph.SerializeToString(deterministic=True) + text.encode()).hexdigest()
    helper.set_model_props(made, {"tailor": text, "tailor.digest": digest})
    return made


def main():
    default = pathlib.Path(__file__).parents[2] / "Tests/InferenceProductTests/Golden"
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    (out / "colors.onnx").write_bytes(model().SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()

"""Golden files for Tests/TailorCheckpointsTests: what PyTorch and safetensors write.

    python3 Scripts/golden/checkpoints.py [OUTDIR]

Made with Python 3.11, torch 2.13.0 (CPU), safetensors 0.8.0; seeds in the code. Writes `.pth` files with the
content of two of them in files.json, written-by-python.safetensors with its content as JSON beside it, and
plain.safetensors, whose bytes our writer has to repeat.
"""

import argparse
import collections
import json
import os
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Tests/TailorCheckpointsTests/Golden")

torch.set_num_threads(1)


def mixed():
    """Every element type, and every way a tensor can look into its storage."""
    base = torch.arange(24, dtype=torch.float32)
    grid = torch.arange(12, dtype=torch.float32).reshape(3, 4)
    state = collections.OrderedDict()
    for dtype in [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32,
                  torch.int16, torch.int8, torch.uint8]:
        state[str(dtype).split(".")[1]] = torch.tensor([[0, 1, 2], [3, 100, 5]]).to(dtype)
    state["bool"] = torch.tensor([True, False, True])
    state["parameter"] = torch.nn.Parameter(torch.tensor([1.5, -2.5]))
    state["transposed"] = grid.t()
    state["column"] = grid[:, 1]
    state["steps"] = base[3:20:4]
    state["shared.a"] = base[:6].view(2, 3)
    state["shared.b"] = base[6:]
    state["channels_last"] = torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)
    state["scalar"] = torch.tensor(42)
    state["empty"] = torch.zeros(0, 3)
    state["naïve name"] = torch.tensor([1.0])
    return state


def contents(state):
    def raw(tensor):
        return tensor.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes().hex() if tensor.numel() else ""

    return {
        name: {"dtype": str(t.dtype).split(".")[1], "shape": list(t.shape), "hex": raw(t.reshape(-1) if t.dim() == 0 else t)}
        for name, t in state.items()
    }


class Evil:
    def __reduce__(self):
        return os.system, ("touch tailor-pickle-ran",)


def pickles():
    state = mixed()
    torch.save(state, OUT / "mixed.pth")
    torch.save(state, OUT / "mixed-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(state, OUT / "mixed-protocol4.pth", pickle_protocol=4)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.ones(2, 2)).sum().backward()
    optimizer.step()
    weights = model.state_dict()
    prefixed = {"module." + k: v for k, v in weights.items()}
    torch.save({"epoch": 3, "model": prefixed, "optimizer": optimizer.state_dict()}, OUT / "wrapped.pth")
    average = {k: v + 1 for k, v in weights.items()}
    torch.save({"model_ema": average, "model": weights}, OUT / "two.pth")
    torch.save({"generator": weights, "discriminator": average}, OUT / "gan.pth")
    # As torchvision's reference scripts and timm save, with the command line and a NumPy number.
    torch.save({"args": argparse.Namespace(lr=0.1, name="x", steps=[1, 2]), "best": np.float64(0.5), "model": weights},
               OUT / "trainer.pth")
    # As PyTorch's ImageNet example saves: the best accuracy is a tensor, too.
    torch.save({"epoch": 7, "arch": "resnet18", "best_acc1": torch.tensor(69.5), "optimizer": optimizer.state_dict(),
                "checkpoint": {"model_state_dict": prefixed, "note": [1, 2]}}, OUT / "nested.pth")
    torch.save([1, 2], OUT / "list.pth")
    torch.save({"weight": torch.ones(1), "hook": Evil()}, OUT / "evil.pth")
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), OUT / "script.pth")
    return {"mixed": contents(state), "wrapped": contents(weights)}


def safetensors_files():
    content = {
        "f32": torch.tensor([[1.5, -2.25, 0.0], [3e38, -1e-38, 7.0]]),
        "f16": torch.tensor([1.5, -0.25, 65504.0], dtype=torch.float16),
        "bf16": torch.tensor([1.5, -0.25, 1e30], dtype=torch.bfloat16),
        "f64": torch.tensor(3.5, dtype=torch.float64),
        "i64": torch.tensor([[1], [-5]]),
        "u8": torch.tensor([0, 7, 255], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
        "empty": torch.zeros(0, 4),
        "naïve \"name\"\n": torch.ones(1),
    }
    metadata = {"classes": '["a","b"]', "note": "tab\tünïcode 🙂"}
    save_file(content, OUT / "written-by-python.safetensors", metadata=metadata)
    plain = {
        "count": torch.tensor(7),
        "a": torch.tensor([[1.5, -2.0]]),
        "b \"quoted\"": torch.tensor([3.0]),
        "half": torch.tensor([0.5, 1.0, 2.0], dtype=torch.float16),
    }
    save_file(plain, OUT / "plain.safetensors", metadata={"note": "ünïcode\n"})
    described = {
        name: {"dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape),
               "values": t.double().flatten().tolist()}
        for name, t in content.items()
    }
    text = json.dumps({"tensors": described, "metadata": metadata}, indent=1, sort_keys=True)
    (OUT / "written-by-python.json").write_text(text + "\n")


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "files.json").write_text(json.dumps(pickles()))
safetensors_files()

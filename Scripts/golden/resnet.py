"""Golden numbers and files for Tests/TailorResNetTests.

Made with Python 3, torch 2.13.0 (CPU), torchvision 0.28.0, safetensors; seeds in the code.
Usage: python3 Scripts/golden/resnet.py [OUTDIR]
"""

import collections
import json
import os
import pathlib
import sys

import torch

# Beside a CPU torch from the package index torchvision's compiled part is missing; its models need none of it.
library = torch.library.Library("torchvision", "DEF")
library.define("nms(Tensor dets, Tensor scores, float t) -> Tensor")
library.define("qnms(Tensor dets, Tensor scores, float t) -> Tensor")

import safetensors.torch  # noqa: E402
import torchvision  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Tests/TailorResNetTests/Golden")
WEIGHTS = ROOT / "Sources/TailorResNet/Resources/resnet18-tinyimagenet.safetensors"
TARGETS = [3, 150]

torch.set_num_threads(1)
torch.backends.mkldnn.enabled = True


def wave(*shape):
    """sin(0.01 i) in row-major order, computed in double precision."""
    count = torch.Size(shape).numel()
    return torch.sin(0.01 * torch.arange(count, dtype=torch.float64)).to(torch.float32).reshape(shape)


def bundled():
    state = safetensors.torch.load_file(WEIGHTS)
    model = torchvision.models.resnet18(num_classes=202)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    return model.eval()


def digest(tensor):
    flat = tensor.detach().double().flatten()
    return {"norm": flat.norm().item(), "sum": flat.sum().item(), "first": flat[:8].tolist()}


def one_step(frozen_prefixes):
    """Gradients and batch-norm statistics after one forward and backward pass."""
    model = bundled()
    frozen = lambda name: name.startswith(frozen_prefixes) if frozen_prefixes else False
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.train(not frozen(name))
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not frozen(name))
    logits = model(wave(2, 3, 64, 64))
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(TARGETS))
    loss.backward()
    full = ["layer4.1.bn2.weight", "layer4.0.bn1.bias", "fc.bias"]
    if not frozen_prefixes:
        full += ["bn1.weight", "bn1.bias"]
    return {
        "loss": loss.item(),
        "gradients": {n: digest(p.grad) for n, p in model.named_parameters() if p.grad is not None},
        "full": {n: p.grad.tolist() for n, p in model.named_parameters() if n in full},
        "buffers": {n: digest(b) for n, b in model.named_buffers()},
    }


def initial():
    """torchvision's initialisation, drawn from one generator in the order of the modules."""
    model = torchvision.models.resnet18(num_classes=5)
    generator = torch.Generator().manual_seed(7)
    for module in model.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(
                module.weight, mode="fan_out", nonlinearity="relu", generator=generator)
    bound = 1 / 512**0.5
    torch.nn.init.uniform_(model.fc.weight, -bound, bound, generator=generator)
    torch.nn.init.uniform_(model.fc.bias, -bound, bound, generator=generator)
    return {n: digest(t) for n, t in model.state_dict().items()}


def network():
    model = bundled()
    with torch.no_grad():
        small, large = model(wave(2, 3, 64, 64)), model(wave(1, 3, 224, 224))
    return {
        "made_with": {"torch": torch.__version__, "torchvision": torchvision.__version__},
        "names": [[n, list(t.shape)] for n, t in model.state_dict().items()],
        "parameters": [n for n, _ in model.named_parameters()],
        "targets": TARGETS,
        "logits64": small.flatten().tolist(),
        "logits224": large.flatten().tolist(),
        "all": one_step(()),
        "layer4": one_step(("conv1", "bn1", "layer1", "layer2", "layer3")),
        "initial": initial(),
    }


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


def files():
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
    torch.save({"model": weights, "model_ema": weights}, OUT / "two.pth")
    torch.save([1, 2], OUT / "list.pth")
    torch.save({"weight": torch.ones(1), "hook": Evil()}, OUT / "evil.pth")
    torch.jit.save(torch.jit.script(torch.nn.ReLU()), OUT / "script.pth")
    return {"mixed": contents(state), "wrapped": contents(weights)}


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "network.json").write_text(json.dumps(network()))
(OUT / "files.json").write_text(json.dumps(files()))

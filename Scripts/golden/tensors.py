"""Golden numbers for TailorTensorsTests, from PyTorch.

    python3 Scripts/golden/tensors.py [OUTDIR]

Made with Python 3.11, torch 2.13.0 (CPU, one thread), safetensors 0.8.0 and numpy; seed 20260101.
Writes layers.safetensors, optimizers.safetensors and random.safetensors: inputs, and what PyTorch
computes from them.
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

SEED = 20260101


def leaf(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


def record(store, case, y, leaves, buffers=None):
    """The output, an upstream gradient, and the gradients of sum(y * upstream)."""
    upstream = torch.randn_like(y)
    (y * upstream).sum().backward()
    store[f"{case}.y"] = y
    store[f"{case}.upstream"] = upstream
    for name, tensor in leaves.items():
        store[f"{case}.{name}"] = tensor
        store[f"{case}.{name}.grad"] = tensor.grad
    for name, tensor in (buffers or {}).items():
        store[f"{case}.{name}"] = tensor


def layers():
    store = {}
    for case, kernel, stride, padding in [("conv3", 3, 2, 1), ("conv7", 7, 2, 3), ("conv1", 1, 2, 0)]:
        x, weight, bias = leaf(2, 3, 9, 8), leaf(4, 3, kernel, kernel, scale=0.2), leaf(4)
        record(store, case, F.conv2d(x, weight, bias, stride, padding),
               {"x": x, "weight": weight, "bias": bias})

    for case, training in [("bn_train", True), ("bn_eval", False)]:
        x, weight, bias = leaf(4, 3, 5, 6), leaf(3), leaf(3)
        mean, variance = torch.randn(3), torch.rand(3) + 0.5
        before = {"mean_before": mean.clone(), "variance_before": variance.clone()}
        y = F.batch_norm(x, mean, variance, weight, bias, training, momentum=0.1, eps=1e-5)
        record(store, case, y, {"x": x, "weight": weight, "bias": bias},
               {**before, "mean_after": mean, "variance_after": variance})

    x = leaf(2, 3, 9, 8)
    record(store, "max_pool", F.max_pool2d(x, 3, 2, 1), {"x": x})
    x = leaf(2, 3, 7, 7)
    record(store, "average_pool", F.adaptive_avg_pool2d(x, 1).flatten(1), {"x": x})
    x, weight, bias = leaf(4, 6), leaf(3, 6), leaf(3)
    record(store, "linear", F.linear(x, weight, bias), {"x": x, "weight": weight, "bias": bias})
    x = leaf(3, 5)
    record(store, "softmax", x.softmax(1), {"x": x})
    x = leaf(3, 5)
    record(store, "log_softmax", x.log_softmax(1), {"x": x})
    x = leaf(3, 5)
    record(store, "variance", x.var(1), {"x": x})

    logits = torch.randn(6, 3) * 2
    targets = torch.tensor([0, 2, 1, 1, 0, 2])
    weights = torch.tensor([0.5, 2.0, 1.25])
    store |= {"ce.logits": logits, "ce.targets": targets, "ce.weights": weights}
    for case, weight, smoothing in [("plain", None, 0.0), ("weighted", weights, 0.0),
                                    ("smoothed", None, 0.1), ("both", weights, 0.1)]:
        x = logits.clone().requires_grad_()
        loss = F.cross_entropy(x, targets, weight=weight, label_smoothing=smoothing)
        loss.backward()
        store |= {f"ce.{case}.loss": loss, f"ce.{case}.grad": x.grad}
    return store


STEPS = 3


def optimizers():
    shapes = {"conv": (4, 3, 3, 3), "bias": (4,), "head": (5, 7)}
    store = {f"initial.{n}": torch.randn(s) for n, s in shapes.items()}
    for step in range(STEPS):
        for name, shape in shapes.items():
            store[f"gradient.{step}.{name}"] = torch.randn(shape)

    def groups(p):
        return [{"params": [p["conv"], p["bias"]], "lr": 0.05, "weight_decay": 0.1},
                {"params": [p["head"]], "lr": 0.2, "weight_decay": 0.0}]

    makers = {
        "sgd": lambda g: torch.optim.SGD(g, lr=1),
        "momentum": lambda g: torch.optim.SGD(g, lr=1, momentum=0.9),
        "nesterov": lambda g: torch.optim.SGD(g, lr=1, momentum=0.9, nesterov=True),
        "adamw": lambda g: torch.optim.AdamW(g, lr=1, betas=(0.85, 0.97), eps=1e-6),
    }
    for case, make in makers.items():
        p = {n: store[f"initial.{n}"].clone().requires_grad_() for n in shapes}
        optimizer = make(groups(p))
        for step in range(STEPS):
            for name in shapes:
                # "bias" gets no gradient in the first step: its state begins in the second.
                missing = name == "bias" and step == 0
                p[name].grad = None if missing else store[f"gradient.{step}.{name}"].clone()
            optimizer.step()
            for name in shapes:
                store[f"{case}.{step}.{name}"] = p[name].detach().clone()

    a, b = leaf(3, 4), leaf(5)
    a.grad, b.grad = torch.randn(3, 4), torch.randn(5)
    store |= {"clip.a": a.grad.clone(), "clip.b": b.grad.clone()}
    store["clip.norm"] = torch.nn.utils.clip_grad_norm_([a, b], 1.5)
    store |= {"clip.a.after": a.grad, "clip.b.after": b.grad}
    return store


def random_numbers():
    store = {}
    torch.manual_seed(42)
    store["uniform"] = torch.rand(3, 5)
    store["then_uniform"] = torch.empty(4).uniform_(-2, 3)
    torch.manual_seed(42)
    store["normal_short"] = torch.randn(5)  # drawn one by one
    store["normal_long"] = torch.empty(4, 9).normal_(1.5, 0.25)  # 16 and more: drawn in blocks
    return store


def write(path, store):
    save_file({k: v.detach().clone().contiguous() for k, v in store.items()}, path)


def main():
    default = Path(__file__).resolve().parents[2] / "Tests/TailorTensorsTests/Golden"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    write(out / "layers.safetensors", layers())
    write(out / "optimizers.safetensors", optimizers())
    write(out / "random.safetensors", random_numbers())


main()

"""Golden numbers and names for Tests/TailorResNetTests.

Made with Python 3, torch 2.13.0 (CPU), torchvision 0.28.0, safetensors; seeds in the code. names.json also with timm
1.0.31 and transformers 5.24.0, which Scripts/requirements.txt leaves out: where they are missing, the committed names stay.
Usage: python3 Scripts/golden/resnet.py [OUTDIR]
"""

import json
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
WEIGHTS = ROOT / "Sources/TailorResNet/Resources/resnet18-imagenet.safetensors"
CLASSES = 10
TARGETS = [3, 7]

torch.set_num_threads(1)
torch.backends.mkldnn.enabled = True


def wave(*shape):
    """sin(0.01 i) in row-major order, computed in double precision."""
    count = torch.Size(shape).numel()
    return torch.sin(0.01 * torch.arange(count, dtype=torch.float64)).to(torch.float32).reshape(shape)


def bundled():
    state = safetensors.torch.load_file(WEIGHTS)
    # The file has no head, and no batch counts.
    state |= {"fc.weight": wave(CLASSES, 512) / 16, "fc.bias": wave(CLASSES)}
    model = torchvision.models.resnet18(num_classes=CLASSES)
    wrong = model.load_state_dict({k: v.float() for k, v in state.items()}, strict=False)
    assert not wrong.unexpected_keys
    assert all(k.endswith("num_batches_tracked") for k in wrong.missing_keys)
    return model.eval()


def digest(tensor):
    flat = tensor.detach().double().flatten()
    return {"norm": flat.norm().item(), "sum": flat.sum().item(), "first": flat[:8].tolist()}


def one_step(frozen_prefixes, running_statistics=False):
    """Gradients and batch-norm statistics after one forward and backward pass; with the running statistics the
    parameters after a step of AdamW, too."""
    model = bundled()
    frozen = lambda name: name.startswith(frozen_prefixes) if frozen_prefixes else False
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.train(not frozen(name) and not running_statistics)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not frozen(name))
    logits = model(wave(2, 3, 64, 64))
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(TARGETS))
    loss.backward()
    full = ["layer4.1.bn2.weight", "layer4.0.bn1.bias", "fc.bias"]
    if not frozen_prefixes:
        full += ["bn1.weight", "bn1.bias"]
    gradients = {n: digest(p.grad) for n, p in model.named_parameters() if p.grad is not None}
    whole = {n: p.grad.tolist() for n, p in model.named_parameters() if n in full}
    stepped = {}
    if running_statistics:
        torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01).step()
        stepped = {n: digest(p) for n, p in model.named_parameters()}
    return {
        "loss": loss.item(),
        "gradients": gradients,
        "full": whole,
        "stepped": stepped,
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
        "frozen": one_step((), running_statistics=True),
        "initial": initial(),
    }


def shapes(model, library):
    tensors = [[n, list(t.shape)] for n, t in model.state_dict().items() if not n.endswith("num_batches_tracked")]
    return {"library": library, "tensors": tensors}


def names():
    """Names and shapes of the tensors of several networks, as the libraries save them."""
    found = {
        name: shapes(getattr(torchvision.models, name)(), "torchvision")
        for name in ["resnet18", "resnet34", "resnet50", "resnet101", "wide_resnet50_2", "resnext50_32x4d"]
    }
    committed = ROOT / "Tests/TailorResNetTests/Golden/names.json"
    try:
        import timm
        import transformers
    except ImportError:
        old = json.loads(committed.read_text())
        return found | {n: v for n, v in old.items() if v["library"] in ("timm", "transformers")}
    for name in ["resnet18", "resnet18d", "seresnet18", "resnet26"]:
        found[f"timm/{name}"] = shapes(timm.create_model(name, pretrained=False), "timm")
    small = {"layer_type": "basic", "hidden_sizes": [64, 128, 256, 512], "depths": [2, 2, 2, 2]}
    for name, options in [("resnet-18", small), ("resnet-34", small | {"depths": [3, 4, 6, 3]}), ("resnet-50", {})]:
        model = transformers.ResNetForImageClassification(transformers.ResNetConfig(num_labels=1000, **options))
        found[f"transformers/{name}"] = shapes(model, "transformers")
    return found


OUT.mkdir(parents=True, exist_ok=True)
(OUT / "names.json").write_text(json.dumps(names()))
(OUT / "network.json").write_text(json.dumps(network()))

"""ResNet18 with the study's weights, its images in memory, and what a run is judged by."""
import pathlib

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

# torchvision 0.28's wheel from PyPI registers its operators for another build of torch; none is used here.
if torch.__version__.endswith("+cpu"):
    _library = torch.library.Library("torchvision", "DEF")
    for _name in ("nms", "qnms"):
        _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402
from torchvision import transforms as T  # noqa: E402

SIZE = 128
device = torch.device("cpu")
NORMALIZE = T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
# The short side before the centre crop: the crop's own side, or 256 for 224 as in PyTorch's tutorial.
PLAIN, TUTORIAL = SIZE, round(SIZE * 256 / 224)
STAGES = ("stem", "layer1", "layer2", "layer3", "layer4", "head")


def stage_of(name):
    first = name.split(".")[0]
    return {"conv1": "stem", "bn1": "stem", "fc": "head"}.get(first, first)


def resnet18(weights, classes):
    """Pretrained ResNet18 with a fresh head, drawn as `nn.Linear` draws it; classes 0: without a head."""
    model = torchvision.models.resnet18()
    model.fc = torch.nn.Linear(512, classes) if classes else torch.nn.Identity()
    state = {name: value.float() for name, value in load_file(weights).items() if not name.startswith("fc.")}
    mismatch = model.load_state_dict(state, strict=False)
    absent = [name for name in mismatch.missing_keys
              if not name.startswith("fc.") and not name.endswith("num_batches_tracked")]
    if absent or mismatch.unexpected_keys:
        raise SystemExit(f"{weights}: missing {absent}, unexpected {mismatch.unexpected_keys}")
    return model.to(device, memory_format=torch.channels_last)


class Images:
    """Images of the study's folder, each decoded once: as PIL images for training transforms, and as tensors
    [3, 128, 128] of bytes as they are evaluated."""

    def __init__(self, root):
        self.root, self.decoded, self.prepared = pathlib.Path(root), {}, {}

    def pil(self, path):
        if path not in self.decoded:
            with Image.open(self.root / path) as image:
                self.decoded[path] = image.convert("RGB")
        return self.decoded[path]

    def plain(self, paths, short_side=PLAIN):
        """Bytes [images, 3, 128, 128]: short side, then centre crop."""
        transform = T.Compose([T.Resize(short_side), T.CenterCrop(SIZE), T.PILToTensor()])
        for path in paths:
            if (path, short_side) not in self.prepared:
                kept = path in self.decoded
                self.prepared[path, short_side] = transform(self.pil(path))
                if not kept:
                    del self.decoded[path]
        return torch.stack([self.prepared[path, short_side] for path in paths])

    def transformed(self, paths, transform):
        return torch.stack([transform(self.pil(path)) for path in paths])


def use(name):
    """Networks and what they are given lie on this device from now on: `cpu` or `cuda`."""
    global device
    device = torch.device(name)
    torch.backends.cudnn.allow_tf32 = False  # fp32 is fp32; training is in bf16 anyway


def normalized(images):
    return NORMALIZE(images.to(device).float() / 255).contiguous(memory_format=torch.channels_last)


def autocast(enabled=True):
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled and has_bf16())


def has_bf16():
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()


@torch.no_grad()
def outputs(model, images, bf16=True, batch=64):
    """Logits [images, classes], or features without a head, in evaluation mode."""
    model.eval()
    with autocast(bf16):
        return torch.cat([model(normalized(part)).float() for part in images.split(batch)]).cpu()


def macro_f1(predicted, labels, classes):
    scores = []
    for c in range(classes):
        hit = ((predicted == c) & (labels == c)).sum()
        given, true = (predicted == c).sum(), (labels == c).sum()
        scores.append(2 * hit / (given + true) if given + true else 0.0)
    return float(np.mean(scores))


def figures(predicted, labels, classes):
    """Macro-F1, accuracy, and how many classes with images are never predicted."""
    predicted, labels = np.asarray(predicted), np.asarray(labels)
    return dict(macro_f1=macro_f1(predicted, labels, classes), accuracy=float((predicted == labels).mean()),
                never_predicted=len(set(labels.tolist()) - set(predicted.tolist())))

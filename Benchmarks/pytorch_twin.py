"""A recipe of Tailor's, carried out by PyTorch and torchvision: the comparison for accuracy and for speed.

    tailor train DATA --print-recipe > recipe.json
    python pytorch_twin.py DATA recipe.json WEIGHTS.safetensors --seed 1        # fine-tunes, tests once
    python pytorch_twin.py DATA recipe.json WEIGHTS.safetensors --speed         # training speed only

Order of images, augmentation draws and the new head come from PyTorch's own generators, so that two runs with
the same seed are two samples of the same procedure, not the same run. Prints one JSON document.
"""
import argparse
import copy
import json
import math
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from torch.utils.data import DataLoader, Subset

# torchvision 0.28's wheel from PyPI registers its operators for another build of torch; none is used here.
if torch.__version__.endswith("+cpu"):
    _library = torch.library.Library("torchvision", "DEF")
    for _name in ("nms", "qnms"):
        _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import torchvision  # noqa: E402
from torchvision import datasets, transforms as T  # noqa: E402

STAGES = ["stem", "layer1", "layer2", "layer3", "layer4", "head"]


def stage_of(name):
    first = name.split(".")[0]
    return {"conv1": "stem", "bn1": "stem", "fc": "head"}.get(first, first)


def training_transform(recipe):
    a, p, size = recipe["augmentation"], recipe["preprocessing"], recipe["trainImageSize"]
    steps = []
    if a["randomCrop"]:
        steps.append(T.RandomResizedCrop(size, scale=a["cropScale"], ratio=a["cropRatio"]))
    else:
        steps += [T.Resize(round(p["resizeShortSide"] * size / p["imageSize"])), T.CenterCrop(size)]
    steps += [T.RandomHorizontalFlip(a["horizontalFlip"]), T.RandomVerticalFlip(a["verticalFlip"])]
    if a["rotationDegrees"]:
        steps.append(T.RandomRotation(a["rotationDegrees"], T.InterpolationMode.BILINEAR))
    if a["brightness"] or a["contrast"] or a["saturation"] or a["hue"]:
        steps.append(T.ColorJitter(a["brightness"], a["contrast"], a["saturation"], a["hue"]))
    return T.Compose(steps + [T.ToTensor(), T.Normalize(p["mean"], p["standardDeviation"])])


def evaluation_transform(recipe):
    p = recipe["preprocessing"]
    if p.get("intensityRange"):
        raise SystemExit("the recipe has an intensity range, which is not carried out here")
    assert p["fit"] == "crop"
    return T.Compose([
        T.Resize(p["resizeShortSide"]), T.CenterCrop(p["imageSize"]), T.ToTensor(),
        T.Normalize(p["mean"], p["standardDeviation"])])


def macro_f1(predicted, labels, classes):
    scores = []
    for c in range(classes):
        hit = ((predicted == c) & (labels == c)).sum().item()
        given, true = (predicted == c).sum().item(), (labels == c).sum().item()
        scores.append(2 * hit / (given + true) if given + true else 0.0)
    return sum(scores) / classes


class FoldedConvolution(torch.nn.Module):
    """A convolution whose weights carry the scale of the frozen batch norm after it; both are trained."""

    def __init__(self, convolution, norm):
        super().__init__()
        self.convolution, self.norm = convolution, norm

    def forward(self, x):
        norm, convolution = self.norm, self.convolution
        scale = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
        return F.conv2d(x, convolution.weight * scale[:, None, None, None], norm.bias - norm.running_mean * scale,
                        convolution.stride, convolution.padding)


class FoldedBlock(torch.nn.Module):
    """torchvision's basic block in folded convolutions, with sums and ReLU in place."""

    def __init__(self, block):
        super().__init__()
        self.first = FoldedConvolution(block.conv1, block.bn1)
        self.second = FoldedConvolution(block.conv2, block.bn2)
        self.shortcut = block.downsample and FoldedConvolution(*block.downsample)

    def forward(self, x):
        shortcut = x if self.shortcut is None else self.shortcut(x)
        return self.second(self.first(x).relu_()).add_(shortcut).relu_()


def folded(model):
    """The forward pass of a torchvision ResNet18 by its running statistics, in folded convolutions."""
    stem = FoldedConvolution(model.conv1, model.bn1)
    blocks = [FoldedBlock(b) for layer in (model.layer1, model.layer2, model.layer3, model.layer4) for b in layer]

    def forward(x):
        x = model.maxpool(stem(x).relu_())
        for block in blocks:
            x = block(x)
        return model.fc(x.mean((2, 3)))

    return forward


class Twin:
    def __init__(self, data, recipe, weights, seed, workers, splits=("train", "val", "test"), device="cpu",
                 fold=False):
        torch.manual_seed(seed)
        self.device = torch.device(device)
        self.recipe, self.workers = recipe, workers
        self.train_set = datasets.ImageFolder(f"{data}/train", training_transform(recipe))
        self.plain = {s: datasets.ImageFolder(f"{data}/{s}", evaluation_transform(recipe)) for s in splits}
        self.classes = len(self.train_set.classes)
        self.model = torchvision.models.resnet18(num_classes=self.classes)
        if weights:
            state = {k: v.float() if v.is_floating_point() else v for k, v in load_file(weights).items()}
            wrong = self.model.load_state_dict(
                {k: v for k, v in state.items() if not k.startswith("fc.")}, strict=False)
            # Batch counts may be missing; they change nothing.
            missing = [k for k in wrong.missing_keys if not k.endswith("num_batches_tracked")]
            assert missing == ["fc.weight", "fc.bias"] and not wrong.unexpected_keys, wrong
        self.model = self.model.to(self.device, memory_format=torch.channels_last)
        counts = torch.bincount(torch.tensor(self.train_set.targets), minlength=self.classes).float()
        self.class_weights = self.weights_of(counts)
        if self.class_weights is not None:
            self.class_weights = self.class_weights.to(self.device)
        self.statistics = recipe["batchNorm"]
        assert self.statistics in ("frozen", "task", "trained"), "give --batch-norm frozen, task or trained"
        assert not recipe.get("search"), "give --no-search, or recipe.json of a run"
        self.forward = folded(self.model) if fold else self.model
        self.optimizer = self.make_optimizer()
        self.calibration = torch.randperm(len(self.train_set))[:512].tolist()
        self.average = None
        self.loader = None
        self.step = 0

    def weights_of(self, counts):
        kind = next(iter(self.recipe["imbalance"]))
        if kind == "none":
            return None
        balanced = counts.sum() / (len(counts) * counts)
        if kind == "balanced":
            return balanced
        assert kind == "automatic", kind
        return balanced.sqrt() if counts.max() > 1.2 * counts.min() else None

    def make_optimizer(self):
        o, groups = self.recipe["optimizer"], []
        for stage in STAGES:
            for decays in (True, False):
                members = [p for n, p in self.model.named_parameters()
                           if stage_of(n) == stage and (p.ndim > 1) == decays]
                if members:
                    groups.append(dict(params=members, peak=self.recipe["learningRates"][stage], lr=0.0,
                                       weight_decay=o["weightDecay"] if decays else 0.0))
        if o["kind"] == "adamw":
            return torch.optim.AdamW(groups, lr=1.0, betas=(o["momentum"], 0.999), fused=True)
        return torch.optim.SGD(groups, lr=1.0, momentum=o["momentum"], nesterov=o["nesterov"], fused=True)

    def batches(self, dataset, size, shuffle=False):
        on_gpu = self.device.type == "cuda"
        if shuffle:  # the loader of training keeps its processes from one epoch to the next
            self.loader = self.loader or DataLoader(
                dataset, size, shuffle=True, num_workers=self.workers, pin_memory=on_gpu,
                persistent_workers=self.workers > 0)
        loader = self.loader if shuffle else DataLoader(dataset, size, num_workers=self.workers)
        for images, labels in loader:
            yield (images.to(self.device, memory_format=torch.channels_last, non_blocking=on_gpu),
                   labels.to(self.device, non_blocking=on_gpu))

    @torch.no_grad()
    def outputs(self, split, forward=None):
        self.model.eval()
        forward = forward or self.model
        return torch.cat([forward(x) for x, _ in self.batches(self.plain[split], 64)])

    def score(self, logits, split):
        labels = torch.tensor(self.plain[split].targets)
        predicted = logits.argmax(1)
        return dict(macro_f1=macro_f1(predicted, labels, self.classes),
                    accuracy=(predicted == labels).float().mean().item(),
                    loss=F.cross_entropy(logits, labels).item(), n=len(labels))

    def loss(self, logits, labels):
        return F.cross_entropy(logits, labels, weight=self.class_weights,
                               label_smoothing=self.recipe["labelSmoothing"])

    @torch.no_grad()
    def recalibrate_batch_norm(self):
        self.model.eval()
        norms = [m for m in self.model.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.train()
        seen = 0
        for images, _ in self.batches(Subset(self.plain["train"], self.calibration), 64):
            seen += len(images)
            for norm in norms:
                norm.momentum = len(images) / seen  # cumulative mean, images alike
            self.model(images)
        for norm in norms:
            norm.momentum = 0.1

    def probe(self):
        probe = self.recipe["probe"]
        self.model.eval()
        backbone = copy.deepcopy(self.model)
        backbone.fc = torch.nn.Identity()
        backbone.eval()
        features, validation = [self.outputs("train", backbone)], self.outputs("val", backbone)
        with torch.no_grad():
            for _ in range(probe["augmentedViews"]):
                features.append(torch.cat([backbone(x) for x, _ in self.batches(self.train_set, 64)]))
        labels = np.tile(self.plain["train"].targets, len(features))
        features, best = torch.cat(features).cpu().double().numpy(), None
        weights = np.ones(self.classes) if self.class_weights is None else self.class_weights.cpu().double().numpy()
        # scikit-learn describes two classes by one row of weights, the difference of ours.
        share = 2 if self.classes == 2 else 1
        for strength in probe["l2Strengths"]:
            penalty = strength * features.var(0).mean() * weights[labels].sum()
            fitted = LogisticRegression(C=share / penalty, tol=1e-5, max_iter=5000,
                                        class_weight=dict(enumerate(weights))).fit(features, labels)
            rows, offsets = torch.from_numpy(fitted.coef_).float(), torch.from_numpy(fitted.intercept_).float()
            if self.classes == 2:
                rows, offsets = torch.cat([-rows, rows]) / 2, torch.cat([-offsets, offsets]) / 2
            score = self.score(validation @ rows.T.to(validation) + offsets.to(validation), "val")
            key = (score["macro_f1"], -score["loss"])
            if best is None or key > best[0]:
                best = (key, rows, offsets, score)
        with torch.no_grad():
            self.model.fc.weight.copy_(best[1])
            self.model.fc.bias.copy_(best[2])
        return best[3]

    def factor(self, steps_per_epoch):
        schedule = self.recipe["schedule"]
        warmup = round(schedule["warmupEpochs"] * steps_per_epoch)
        if self.step < warmup:
            start = schedule.get("warmupStart") or 1 / (warmup + 1)
            return start + (1 - start) * self.step / warmup
        total = sum(p["epochs"] for p in self.recipe["phases"]) * steps_per_epoch
        period = schedule.get("cosineEpochs")
        period = round(period * steps_per_epoch) if period else total - warmup
        return 0.5 * (1 + math.cos(math.pi * min(self.step - warmup, period) / period))

    def freeze_below(self, stage):
        lowest = STAGES.index(stage)
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(STAGES.index(stage_of(name)) >= lowest)
            if not parameter.requires_grad:
                parameter.grad = None
        self.model.eval()
        for name, child in self.model.named_children():
            if stage_of(name) in STAGES[lowest:]:
                child.train(self.statistics != "frozen")

    def epoch(self, stage):
        """Images per second, loading and augmentation included."""
        self.freeze_below(stage)
        steps = math.ceil(len(self.train_set) / self.recipe["batchSize"])
        size = math.ceil(len(self.train_set) / steps)
        parameters = [p for p in self.model.parameters() if p.requires_grad]
        started = time.perf_counter()
        for images, labels in self.batches(self.train_set, size, shuffle=True):
            factor = self.factor(steps)
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak"] * factor
            self.optimizer.zero_grad(set_to_none=True)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.recipe["precision"] == "bf16"):
                logits = self.forward(images)
            loss = self.loss(logits.float(), labels)
            loss.backward()
            if self.recipe.get("gradientClipping"):
                torch.nn.utils.clip_grad_norm_(parameters, self.recipe["gradientClipping"])
            self.optimizer.step()
            if self.average:
                decay = min(self.recipe["weightAveraging"], (1 + self.step) / (10 + self.step))
                torch._foreach_lerp_(self.average, self.weights(), 1 - decay)
            loss.item()
            self.step += 1
        return len(self.train_set) / (time.perf_counter() - started)

    def weights(self):
        return [p.detach() for p in self.model.parameters()]

    def exchange_with_average(self):
        if self.average:
            held = [p.clone() for p in self.weights()]
            torch._foreach_copy_(self.weights(), self.average)
            torch._foreach_copy_(self.average, held)

    def fit(self):
        best, history = None, []
        if self.statistics == "task":
            self.recalibrate_batch_norm()
        if self.recipe.get("probe"):
            best = (self.probe(), copy.deepcopy(self.model.state_dict()))
            history.append(best[0])
        if self.recipe.get("weightAveraging"):
            self.average = [p.clone() for p in self.weights()]
        for phase in self.recipe["phases"]:
            for _ in range(phase["epochs"]):
                self.epoch(phase["trainableFrom"])
                self.exchange_with_average()
                if self.statistics == "task":
                    self.recalibrate_batch_norm()
                score = self.score(self.outputs("val"), "val")
                history.append(score)
                key = (score["macro_f1"], -score["loss"])
                if best is None or key > (best[0]["macro_f1"], -best[0]["loss"]):
                    best = (score, copy.deepcopy(self.model.state_dict()))
                self.exchange_with_average()
        self.model.load_state_dict(best[1])
        return dict(validation=best[0], history=history, test=self.score(self.outputs("test"), "test"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("recipe")
    parser.add_argument("weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cpu", help="with --speed: cpu or cuda")
    parser.add_argument("--speed", action="store_true", help="time the epochs of the phases and stop")
    parser.add_argument("--fold", action="store_true", help="frozen batch norm as part of the convolutions")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = json.load(open(arguments.recipe))
    if arguments.speed:
        twin = Twin(arguments.data, recipe, arguments.weights, arguments.seed, arguments.workers, (),
                    arguments.device, arguments.fold)
        rates = [twin.epoch(p["trainableFrom"]) for p in recipe["phases"] for _ in range(p["epochs"])]
        print(json.dumps(dict(images_per_second=rates)))
        return
    started = time.perf_counter()
    twin = Twin(arguments.data, recipe, arguments.weights, arguments.seed, arguments.workers)
    result = twin.fit()
    print(json.dumps(dict(result, seed=arguments.seed, torch=torch.__version__,
                          seconds=time.perf_counter() - started), indent=1))


if __name__ == "__main__":
    main()

"""The baselines in PyTorch, all on the same weights, splits and image size.

Each returns a dictionary: `predicted` (classes of the test images, in the split's order), `val_macro_f1`,
`diverged`, `settings`. Test images are looked at once, by the model that is kept.
"""
import copy
import math

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

import network
from network import (NORMALIZE, PLAIN, SIZE, STAGES, TUTORIAL, T, autocast, figures, has_bf16, normalized, outputs,
                     resnet18, stage_of)

STRENGTHS = [10.0 ** power for power in np.arange(-4, 3.01, 0.5)]
# AdamW's rates of the reference before their multiple is chosen: shallow layers a hundredth of the head's.
REFERENCE_RATES = dict(zip(STAGES, (1e-5, 1e-5, 10**-4.667, 10**-4.333, 1e-4, 1e-3)))
REFERENCE_MULTIPLES = (1, 3, 10)


class Diverged(Exception):
    """The loss is not a finite number any more."""


class Job:
    """A split with its images, ready for a method."""

    def __init__(self, split, images, weights, features):
        self.split, self.images, self.weights, self.features = split, images, weights, features
        self.classes, self.seed = len(split.classes), split.seed
        self.paths = {part: [image.path for image in members] for part, members in split.parts.items()}
        self.labels = {part: torch.tensor(split.labels(part)) for part in split.parts}

    def predicted(self, model, part, short_side=PLAIN):
        # The test in full precision: rounding is no part of a recipe.
        return outputs(model, self.images.plain(self.paths[part], short_side), bf16=part != "test")

    def validate(self, model, short_side=PLAIN):
        logits = self.predicted(model, "val", short_side)
        result = figures(logits.argmax(1), self.labels["val"], self.classes)
        return dict(result, loss=F.cross_entropy(logits, self.labels["val"]).item())

    def finish(self, model, settings, short_side=PLAIN, diverged=False, val=None):
        val = val or self.validate(model, short_side)
        logits = self.predicted(model, "test", short_side)
        return dict(predicted=logits.argmax(1).numpy(), val_macro_f1=val["macro_f1"], diverged=diverged,
                    probabilities=logits.softmax(1),
                    settings=f"{settings}; {'bf16' if has_bf16() else 'fp32'}")

    def epoch(self, model, optimizer, batch, inputs, each_step=lambda: None, smoothing=0.0):
        """One pass over the training images in random order. Throws `Diverged`."""
        for part in torch.randperm(len(self.paths["train"])).split(batch):
            each_step()
            optimizer.zero_grad(set_to_none=True)
            images = inputs(part).to(network.device).contiguous(memory_format=torch.channels_last)
            with autocast():
                logits = model(images)
            labels = self.labels["train"][part].to(network.device)
            loss = F.cross_entropy(logits.float(), labels, label_smoothing=smoothing)
            if not torch.isfinite(loss):
                raise Diverged
            loss.backward()
            optimizer.step()

    def augmented(self, transform):
        return lambda part: self.images.transformed([self.paths["train"][i] for i in part], transform)


def naive(job):
    """What short tutorials show: every layer at one rate, no augmentation, the last epoch."""
    torch.manual_seed(job.seed)
    model = resnet18(job.weights, job.classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
    train = normalized(job.images.plain(job.paths["train"]))
    diverged = False
    try:
        for _ in range(10):
            model.train()
            job.epoch(model, optimizer, 32, lambda part: train[part])
    except Diverged:
        diverged = True
    return job.finish(model, "SGD 0.01, momentum 0.9, batch 32, 10 epochs, last", diverged=diverged)


def tutorial(job):
    """PyTorch's "Transfer Learning for Computer Vision Tutorial", "Finetuning the ConvNet", at 128 for 224."""
    torch.manual_seed(job.seed)
    model = resnet18(job.weights, job.classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, fused=True)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    inputs = job.augmented(T.Compose(
        [T.RandomResizedCrop(SIZE), T.RandomHorizontalFlip(), T.ToTensor(), NORMALIZE]))
    best, diverged = None, False
    try:
        for _ in range(25):
            model.train()
            job.epoch(model, optimizer, 4, inputs)
            schedule.step()
            val = job.validate(model, TUTORIAL)
            if best is None or val["accuracy"] > best[0]["accuracy"]:
                best = (val, copy.deepcopy(model.state_dict()))
    except Diverged:
        diverged = True
    if best:
        model.load_state_dict(best[1])
    return job.finish(model, "SGD 0.001, momentum 0.9, StepLR 7 0.1, batch 4, 25 epochs, best accuracy", TUTORIAL,
                      diverged)


def fitted_probe(job):
    """Head of the linear probe: weight [classes, 512], bias, L2 strength; the best of `STRENGTHS` on validation."""
    features = {part: job.features(job.paths[part]) for part in ("train", "val")}
    labels = {part: job.labels[part].numpy() for part in features}
    best = None
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=3000).fit(features["train"].numpy(), labels["train"])
        weight, bias = (torch.tensor(value, dtype=torch.float32) for value in (model.coef_, model.intercept_))
        if job.classes == 2:  # scikit-learn keeps one row of logits, the other class's are their negative
            weight, bias = torch.cat([-weight, weight]) / 2, torch.cat([-bias, bias]) / 2
        logits = features["val"] @ weight.T + bias
        score = figures(logits.argmax(1), labels["val"], job.classes)["macro_f1"]
        key = (score, -F.cross_entropy(logits, job.labels["val"]).item())
        if best is None or key > best[0]:
            best = (key, weight, bias, strength)
    return best


def probe(job):
    """Multinomial logistic regression on features in evaluation mode."""
    (score, _), weight, bias, strength = fitted_probe(job)
    logits = job.features(job.paths["test"]) @ weight.T + bias
    return dict(predicted=logits.argmax(1).numpy(), val_macro_f1=score, diverged=False,
                probabilities=logits.softmax(1), settings=f"scikit-learn, C {strength:.3g}; fp32")


def reference(job):
    """Fine-tuning as a patient person does it: from the probe, batch-norm statistics left as they are, layer-wise
    rates of which validation chooses the multiple, the best epoch by validation, the probe included."""
    _, weight, bias, _ = fitted_probe(job)
    images = len(job.paths["train"])
    batch, epochs = (16, 20) if images < 300 else (32, 10)
    steps = math.ceil(images / batch)
    inputs = job.augmented(T.Compose(
        [T.RandomResizedCrop(SIZE, scale=(0.35, 1)), T.RandomHorizontalFlip(), T.ToTensor(), NORMALIZE]))
    best = None
    for multiple in REFERENCE_MULTIPLES:
        torch.manual_seed(job.seed)
        model = resnet18(job.weights, job.classes)
        with torch.no_grad():
            model.fc.weight.copy_(weight)
            model.fc.bias.copy_(bias)
        optimizer = torch.optim.AdamW([
            dict(params=[p for n, p in model.named_parameters() if stage_of(n) == stage], peak=rate * multiple)
            for stage, rate in REFERENCE_RATES.items()], lr=1.0, weight_decay=0.01, fused=True)
        step, total = 0, epochs * steps

        def set_rates():
            nonlocal step
            warm = min(1.0, (step + 1) / steps)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * warm * 0.5 * (1 + math.cos(math.pi * step / total))
            step += 1

        try:
            for epoch in range(epochs + 1):
                if epoch:
                    model.eval()  # statistics frozen; the affine parameters learn
                    job.epoch(model, optimizer, batch, inputs, set_rates, smoothing=0.1)
                val = job.validate(model)
                key = (val["macro_f1"], -val["loss"])
                if best is None or key > best[0]:
                    best = (key, copy.deepcopy(model.state_dict()), multiple, epoch, val)
        except Diverged:
            continue  # a trial too many, no result
    _, state, multiple, epoch, val = best
    model.load_state_dict(state)
    return job.finish(model, f"AdamW x{multiple}, epoch {epoch} of {epochs}, batch {batch}", val=val)


METHODS = dict(probe=probe, naive=naive, tutorial=tutorial, reference=reference)


def feature_cache(weights, images):
    """A function from paths to features [images, 512], each computed once, in fp32."""
    model, cache = resnet18(weights, 0), {}

    def features(paths):
        missing = [path for path in dict.fromkeys(paths) if path not in cache]
        if missing:
            cache.update(zip(missing, outputs(model, images.plain(missing), bf16=False)))
        return torch.stack([cache[path] for path in paths])

    return features

#!/usr/bin/env python3
"""Golden learning rates of linear warm-up followed by a cosine, for every step.

Made with PyTorch 2.13.0; nothing is random.
Usage: finetuning.py [OUTDIR]
"""
import json
import pathlib
import sys

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

CASES = [
    # name, warm-up steps, start factor, steps of the cosine, steps in all
    ("guide", 50, 0.01, 1000, 1050),
    ("short", 5, 1 / 6, 45, 50),
    ("no warm-up", 0, 1.0, 20, 20),
]


def rates(warmup, start, period, total):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    cosine = CosineAnnealingLR(optimizer, T_max=period)
    scheduler = cosine
    if warmup:
        optimizer = torch.optim.SGD([parameter], lr=1.0)
        scheduler = SequentialLR(
            optimizer,
            [LinearLR(optimizer, start_factor=start, total_iters=warmup), CosineAnnealingLR(optimizer, T_max=period)],
            milestones=[warmup],
        )
    found = []
    for _ in range(total):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def main():
    default = pathlib.Path(__file__).parents[2] / "Tests/TailorFineTuningTests/Golden"
    out = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    cases = [
        {"name": name, "warmup": warmup, "start": start, "period": period, "rates": rates(warmup, start, period, total)}
        for name, warmup, start, period, total in CASES
    ]
    (out / "schedule.json").write_text(json.dumps({"torch": torch.__version__, "cases": cases}, indent=0) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How much faster training could be if nothing but convolutions took time.

    python Benchmarks/convolution_bound.py [--size 224] [--batch 32] [--threads 2] [--precision bf16|fp32] [--rounds 3]

Times a training step of torchvision's ResNet18 as people write it (batch norm trained, decoding not included), then
every convolution of it by itself, forward and backward on inputs of the same shapes, and prints what share of the step
the convolutions are. Tailor and PyTorch call the same ones (oneDNN), so that no program that trains the same network
with them can be faster than the step by more than 1 / share.
"""
import argparse
import statistics
import time

import torch

from pytorch_twin import torchvision  # imported there with what its wheel needs


def seconds(work, repeats=3):
    work()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def step_seconds(model, images, labels, autocast):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with autocast():
            loss = torch.nn.functional.cross_entropy(model(images).float(), labels)
        loss.backward()
        optimizer.step()

    return seconds(step)


def convolution_seconds(model, images, dtype):
    """Sum over all convolutions; the first needs no gradient of its input."""
    shapes = []
    hooks = [module.register_forward_hook(lambda m, given, out: shapes.append((m, given[0].shape, out.shape)))
             for module in model.modules() if isinstance(module, torch.nn.Conv2d)]
    with torch.no_grad():
        model(images)
    for hook in hooks:
        hook.remove()
    total = 0.0
    for number, (module, given, made) in enumerate(shapes):
        layer = torch.nn.Conv2d(module.in_channels, module.out_channels, module.kernel_size, module.stride,
                                module.padding, bias=False).to(dtype=dtype, memory_format=torch.channels_last)
        inputs = torch.randn(given, dtype=dtype).contiguous(memory_format=torch.channels_last)
        inputs.requires_grad_(number > 0)
        gradient = torch.randn(made, dtype=dtype).contiguous(memory_format=torch.channels_last)
        total += seconds(lambda: layer(inputs).backward(gradient))
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="bf16")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    reduced = arguments.precision == "bf16"
    model = torchvision.models.resnet18().to(memory_format=torch.channels_last).train()
    images = torch.randn(arguments.batch, 3, arguments.size, arguments.size).contiguous(
        memory_format=torch.channels_last)
    labels = torch.randint(0, 1000, (arguments.batch,))

    def autocast():
        return torch.autocast("cpu", torch.bfloat16, enabled=reduced)

    shares = []
    for _ in range(arguments.rounds):
        step = step_seconds(model, images, labels, autocast)
        alone = convolution_seconds(model, images, torch.bfloat16 if reduced else torch.float32)
        shares.append(alone / step)
        print(f"step {arguments.batch / step:.1f} images/s, convolutions alone {arguments.batch / alone:.1f} images/s: "
              f"{100 * alone / step:.0f} % of the step, at most {step / alone:.2f} times as fast", flush=True)
    print(f"median of {arguments.rounds} rounds: at most {1 / statistics.median(shares):.2f} times as fast")


if __name__ == "__main__":
    main()

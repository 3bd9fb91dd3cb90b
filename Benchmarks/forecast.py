#!/usr/bin/env python3
"""Forecasts of `tailor advise` beside what runs take: forecast.py TAILOR IMAGES WORK_FOLDER

IMAGES holds train/ and val/ of two classes; 24 training and 8 validation images of each are used. Peak memory is the
process's `ru_maxrss`; times are wall-clock, of the whole command. Run it on a machine that does nothing else.
"""
import json
import os
import shutil
import subprocess
import sys
import time

RUNS = """
--epochs 1 --no-probe --image-size 128 --batch-size 8
--epochs 2 --no-probe --image-size 128 --batch-size 24
--epochs 1 --image-size 160 --batch-size 16
--epochs 1 --no-probe --image-size 224 --batch-size 8
--epochs 1 --no-probe --image-size 224 --batch-size 16 --threads 1
--epochs 1 --no-probe --image-size 224 --batch-size 32
--epochs 1 --image-size 256 --batch-size 24
--phases layer3:1 --no-probe --image-size 224 --batch-size 32
--phases layer4:1 --no-probe --image-size 224 --batch-size 24
--phases head:1 --no-probe --image-size 320 --batch-size 16
--epochs 1 --no-probe --image-size 320 --batch-size 16
--epochs 1 --no-probe --image-size 320 --batch-size 24
--phases head:1 --no-probe --image-size 512 --batch-size 8
--epochs 1 --no-probe --image-size 512 --batch-size 8
--epochs 1 --no-probe --image-size 224 --batch-size 32 --batch-norm trained
--recipe guide --epochs 5 --image-size 128 --batch-size 16
--recipe quick --epochs 3 --image-size 160 --batch-size 16
--epochs 1 --no-probe --image-size 128 --batch-size 16 --precision bf16
--epochs 1 --no-probe --image-size 224 --batch-size 16 --optimizer sgd
--epochs 0 --image-size 224
"""


def some(source, target):
    for part, count in (("train", 24), ("val", 8)):
        for name in sorted(os.listdir(f"{source}/{part}")):
            if not os.path.isdir(f"{source}/{part}/{name}"):
                continue
            os.makedirs(f"{target}/{part}/{name}")
            for file in sorted(os.listdir(f"{source}/{part}/{name}"))[:count]:
                shutil.copy(f"{source}/{part}/{name}/{file}", f"{target}/{part}/{name}")


def measured(command, environment):
    """Seconds, and the most memory in bytes, of one process."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {child.returncode}")
    return time.monotonic() - started, usage.ru_maxrss * 1024


def main():
    tailor, images, work = sys.argv[1:4]
    shutil.rmtree(work, ignore_errors=True)
    some(images, f"{work}/data")
    environment = {**os.environ, "XDG_CACHE_HOME": f"{work}/cache", "XDG_STATE_HOME": f"{work}/state"}
    print("| options of `train` | forecast, MB | measured, MB | ratio | forecast, s | measured, s | ratio |")
    print("|---|---|---|---|---|---|---|")
    for line in RUNS.strip().splitlines():
        options = line.split()
        found = subprocess.run([tailor, "advise", f"{work}/data", "--json", *options], env=environment, check=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        forecast = json.loads(found)
        expected = max(sum(part["bytes"] for part in moment["host"]) for moment in forecast["memory"]["moments"])
        expected_seconds = sum(part["seconds"] for part in forecast["time"]["parts"])
        shutil.rmtree(f"{work}/run", ignore_errors=True)
        seconds, peak = measured(
            [tailor, "train", f"{work}/data", "--output", f"{work}/run", "--quiet", *options], environment)
        print(f"| `{line}` | {expected / 1e6:.0f} | {peak / 1e6:.0f} | {expected / peak:.2f} "
              f"| {expected_seconds:.1f} | {seconds:.1f} | {expected_seconds / seconds:.2f} |", flush=True)


main()

"""Small or middling files that cost a reader of images far more than they cost their author.

    python3 Scripts/torture/hostile_images.py FOLDER              writes them (1.5 GB; WebP, AVIF and some TIFF by Pillow)
    python3 Scripts/torture/hostile_images.py FOLDER --measure .build/release/tailor-runtime MODEL.onnx

Measuring runs `tailor-runtime predict` on each file and on a small image, and prints what a file costs more than that
one: seconds of CPU time and peak memory. Ends with an error if a hostile file costs more than 2 s or 600 MB, if a
program dies of a signal, or if an honest file (honest-*) is refused.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import heif  # noqa: F401  each registers what it makes
import jpeg  # noqa: F401
import plain  # noqa: F401
import png  # noqa: F401
import riff_gif  # noqa: F401
import tiff  # noqa: F401
from makers import MAKERS

MOST_SECONDS, MOST_MEGABYTES = 2.0, 600


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        try:
            (folder / name).write_bytes(make())
        except ImportError:
            print(f"{name}: left out, it needs Pillow", file=sys.stderr)


def run(program, model, file, limit):
    """Seconds of CPU time, peak memory in MB, exit code (negative: signal), last line of what was said."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([program, "predict", model, file], stdout=said, stderr=subprocess.STDOUT)
        started, usage = time.monotonic(), None
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - started > limit:
                process.kill()
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines() or [""]
    found = next((line for line in lines if str(file) in line), lines[-1]).replace(str(file), "").strip(": ")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode, found


def measure(folder, program, model, limit, pattern):
    small = [run(program, model, folder / "honest-small.png", limit) for _ in range(3)]
    seconds, memory = min(each[0] for each in small), min(each[1] for each in small)
    print(f"beside a small image ({seconds:.2f} s, {memory:.0f} MB); limits {MOST_SECONDS:.0f} s, {MOST_MEGABYTES} MB\n")
    print("| file | size MB | s | MB | exit | answer |\n|---|---:|---:|---:|---:|---|")
    failed = []
    for file in sorted(folder.glob(pattern)):
        took, used, code, said = run(program, model, file, limit)
        took, used = max(0, took - seconds), max(0, used - memory)
        honest = file.name.startswith("honest-")
        wrong = code < 0 or (code != 0 if honest else took > MOST_SECONDS or used > MOST_MEGABYTES)
        mark = " **" if wrong else ""
        print(f"| {file.name}{mark} | {file.stat().st_size / 1e6:.1f} | {took:.2f} | {used:.0f} | {code} | {said[:110]} |",
              flush=True)
        if wrong:
            failed.append(file.name)
    print(f"\n{len(failed)} beyond the limits" + "".join(f"\n  {name}" for name in failed))
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--measure", nargs=2, metavar=("PROGRAM", "MODEL"))
    parser.add_argument("--limit", type=float, default=60, help="seconds after which a run is ended")
    parser.add_argument("--only", default="*", help="pattern of file names")
    options = parser.parse_args()
    if options.measure:
        sys.exit(measure(options.folder, *options.measure, options.limit, options.only))
    write(options.folder)


if __name__ == "__main__":
    main()

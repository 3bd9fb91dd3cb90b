"""The disk is full from the nth write on: every command, every n.

    python3 Scripts/torture/full_disk.py [--seconds N]

A command must end with code 1 and name what could not be written, or with 0 and the right result where only a cache
could not; what was there before stays; afterwards, with room again, the same command works.
"""
import argparse
import random
import shutil

from common import Tally, Workshop, crashed, leftovers, run_result, text
from kills import RECIPES, TRAIN

CALLS = "open,write,fsync,mkdir"
# Most points of one command: a checkpoint is hundreds of writes, one like the other.
MOST_POINTS = 150


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    shop, tally = Workshop("disk"), Tally("full disk")
    run, kept = shop.root / "run", shop.root / "kept"
    train = TRAIN + RECIPES["seeds"]
    shop.make_run(train)
    shutil.copytree(run, kept)
    expected = run_result(kept)
    image = "data/test/across/0.ppm"

    def restored(*extra):
        for name in ("run", "home", "split", "report.html", *extra):
            path = shop.root / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def with_run():
        restored()
        shutil.copytree(kept, run)

    commands = {
        "train": (train, restored), "evaluate": (["evaluate", "run", "-q"], with_run),
        "export": (["export", "run", "-q"], with_run), "split": (["split", "data", "split", "--merge", "-q"], restored),
        "check": (["check", "data", "--no-features", "--report", "report.html", "-q"], restored),
        "predict": (["predict", "run/model.onnx", image, "-q"], with_run),
    }
    plans = []
    for name, (words, prepare) in commands.items():
        prepare()
        points = shop.count(words, CALLS)
        print(f"{name}: {points} calls", flush=True)
        order = list(range(1, points + 1))
        random.Random(2).shuffle(order)
        plans.append((name, words, prepare, order[:MOST_POINTS]))
    for index in range(max(len(plan[3]) for plan in plans)):
        for name, words, prepare, order in plans:
            if index >= len(order) or tally.seconds > options.seconds:
                continue
            point = order[index]
            prepare()
            done = shop.call(words, (CALLS, point, "full"))
            tally.add("full disks")
            said = text(done.stderr)
            if crashed(done):
                tally.fail(f"{name}, call {point}: {crashed(done)}: {said[-300:]}")
            elif done.returncode not in (0, 1) or (done.returncode == 1 and "error: " not in said):
                tally.fail(f"{name}, call {point}: exit code {done.returncode}: {said[-300:]}")
            if name == "export" and (run / "model.onnx").read_bytes() != (kept / "model.onnx").read_bytes():
                tally.fail(f"{name}, call {point}: the earlier model file is gone or another")
            if name == "train":
                if done.returncode == 0 and run_result(run) != expected:
                    tally.fail(f"{name}, call {point}: code 0 with another result")
                has_run = (run / "run.json").exists() or (run / "checkpoint").exists()
                again = shop.call(train + (["--resume"] if has_run else []))
                if again.returncode != 0 or run_result(run)["best.safetensors"] != expected["best.safetensors"]:
                    tally.fail(f"{name}, call {point}: then {again.returncode}: {text(again.stderr)[-300:]}")
            elif name == "split":
                if done.returncode != 0 and (shop.root / "split").exists():
                    tally.fail(f"{name}, call {point}: half a split")
            elif shop.call(words).returncode != 0:
                tally.fail(f"{name}, call {point}: does not work with room again")
            if run.exists() and leftovers(run):
                tally.fail(f"{name}, call {point}: left {leftovers(run)}")
    shop.close()
    tally.finish()


if __name__ == "__main__":
    main()

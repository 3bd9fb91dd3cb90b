"""Limits on threads, memory, descriptors and processor time: a named error or the right result, never a hang.

    python3 Scripts/torture/limits.py [--seconds N]
"""
import argparse
import os
import resource
import shutil

from common import Tally, Workshop, crashed, run_result, text
from kills import RECIPES, TRAIN
from png import png

MEMORY_GROUPS = "/sys/fs/cgroup/memory"


class MemoryGroup:
    """A control group (version 1) with a limit on memory, where this process may make one."""

    def __init__(self, megabytes):
        self.path = f"{MEMORY_GROUPS}/torture-{os.getpid()}"
        os.mkdir(self.path)
        with open(f"{self.path}/memory.limit_in_bytes", "w") as file:
            file.write(str(megabytes << 20))

    def enter(self):
        with open(f"{self.path}/cgroup.procs", "w") as file:
            file.write(str(os.getpid()))

    def close(self):
        os.rmdir(self.path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    shop, tally = Workshop("limits"), Tally("limits")
    run, kept = shop.root / "run", shop.root / "kept"
    threads = [word if word != "1" or TRAIN[place - 1] not in ("--threads", "--workers") else "2"
               for place, word in enumerate(TRAIN)]
    train = threads + RECIPES["phases"]
    shop.make_run(train)
    shutil.copytree(run, kept)
    commands = {
        "train": train, "export": ["export", "run", "-q"], "evaluate": ["evaluate", "run", "-q"],
        "predict RUN": ["predict", "run", "data/test", "-q"],
        "predict MODEL": ["predict", "run/model.onnx", "data/test", "--threads", "4", "--no-cache", "-q"],
        "check": ["check", "data", "--no-cache", "--no-features", "-q"],
        "split": ["split", "data", "split", "--merge", "-q"],
    }

    def prepare(name):
        shutil.rmtree(run, ignore_errors=True)
        shutil.rmtree(shop.root / "split", ignore_errors=True)
        if name != "train":
            shutil.copytree(kept, run)

    def judge(what, name, done, right=(0,)):
        tally.add("limits")
        if crashed(done):
            tally.fail(f"{what}, {name}: {crashed(done)}: {text(done.stderr)[-300:]}")
        elif done.returncode not in right and not text(done.stderr).strip():
            tally.fail(f"{what}, {name}: exit code {done.returncode} without a word")
        elif done.returncode == 0 and name == "train" and run_result(run)["best.safetensors"] is None:
            tally.fail(f"{what}, {name}: code 0 without a result")

    # No thread from the nth on: on the caller, or a named error.
    for number in [1, 2, 3, 4, 5, 6, 8, 10, 14, 20]:
        for name, words in commands.items():
            if tally.seconds > options.seconds:
                break
            prepare(name)
            judge(f"no thread from the {number}th on", name,
                  shop.call(words, ("pthread_create", number, "full"), timeout=120))
    # Few descriptors.
    for number in [8, 12, 16, 24, 32, 64]:
        for name, words in commands.items():
            if tally.seconds > options.seconds:
                break
            prepare(name)
            judge(f"{number} descriptors", name, shop.call(
                words, preexec_fn=lambda n=number: resource.setrlimit(resource.RLIMIT_NOFILE, (n, n)), timeout=120))
    # Little memory: many large photographs at once must wait for each other.
    if os.access(MEMORY_GROUPS, os.W_OK):
        (shop.root / "big").mkdir()
        for index in range(8):  # 108 MB each once they are decoded
            (shop.root / "big" / f"{index}.png").write_bytes(png(6000, 6000))
        prepare("predict")
        group = MemoryGroup(600)
        try:
            done = shop.call(
                ["predict", "run/model.onnx", "big", "--threads", "8", "--format", "csv", "-q"],
                preexec_fn=group.enter)
        finally:
            group.close()
        judge("600 MB", "predict of 8 × 36 megapixels", done)
        if done.returncode != 0 or text(done.stdout).count("\n") != 9:
            tally.fail(f"600 MB: {done.returncode}: {text(done.stdout)[-300:]} {text(done.stderr)[-300:]}")
    shop.close()
    tally.finish()


if __name__ == "__main__":
    main()

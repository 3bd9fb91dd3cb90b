"""Attacks on the cache of compiled models: whatever lies there, the answers stay right.

    python3 Scripts/torture/model_cache.py [--positions N] [--seconds N]

Every single-bit flip at N positions, truncations, zeros, foreign owners, links, races of six processes, kills while an
entry is written. After each the program must answer as it does without a cache, with exit code 0.
"""
import argparse
import os
import random
import shutil
import stat
import subprocess

from common import PROGRAMS, Tally, Workshop, crashed, text
from kills import RECIPES, TRAIN


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--positions", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    shop, tally = Workshop("cache"), Tally("compiled-model cache")
    shop.make_run(TRAIN + RECIPES["seeds"])
    words = ["predict", "run/model.onnx", "data/test", "--format", "csv", "-q", "--threads", "1"]
    cache = shop.root / "home/cache/tailor/compiled"

    def answer(extra=()):
        return shop.call([*words, *extra], program="tailor-runtime", timeout=120)

    right = answer(["--no-cache"])
    shutil.rmtree(cache, ignore_errors=True)
    if right.returncode != 0 or answer().stdout != right.stdout:
        raise SystemExit("no answers to compare with")
    entries = sorted(path for path in cache.iterdir() if path.is_file() and not path.name.startswith("."))
    sound = {path: path.read_bytes() for path in entries}
    victim = max(entries, key=lambda path: path.stat().st_size)
    print(f"{len(entries)} files, the largest {victim.stat().st_size:,} bytes", flush=True)

    def restore():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        os.chmod(cache, stat.S_IRWXU)
        for path, data in sound.items():
            path.write_bytes(data)
            os.chmod(path, 0o600)

    def judge(what):
        done = answer()
        tally.add("attacks")
        if crashed(done) or done.returncode != 0:
            tally.fail(f"{what}: {crashed(done) or done.returncode}: {text(done.stderr)[-300:]}")
        elif done.stdout != right.stdout:
            tally.fail(f"{what}: other answers")

    def over():
        return tally.seconds > options.seconds

    # What is not a flip comes first: there is little of it.
    data = sound[victim]
    for length in [0, 1, 16, 100, len(data) // 2, len(data) - 4096, len(data) - 1]:
        restore()
        victim.write_bytes(data[:max(0, length)])
        judge(f"cut to {length} bytes")
    for length in [16, 4096, len(data) // 3, len(data)]:
        for start in {0, len(data) // 2, len(data) - length} if length < len(data) else {0}:
            restore()
            start = max(0, min(start, len(data) - length))
            victim.write_bytes(data[:start] + bytes(length) + data[start + length:])
            judge(f"{length} zeros at {start}")
    restore()
    victim.write_bytes(data + b"more")
    judge("longer than written")
    if os.geteuid() == 0:
        for target in (victim, cache):
            restore()
            flipped = bytearray(data)
            flipped[len(data) // 2] ^= 1
            victim.write_bytes(flipped)
            os.chown(target, 65534, 65534)
            judge(f"{target.name} of a foreign owner")
            os.chown(target, 0, 0)
    for mode in (0o666, 0o602):
        restore()
        os.chmod(victim, mode)
        judge(f"mode {mode:o}")
    restore()
    os.chmod(cache, 0o777)
    judge("a folder that others may write to")
    for kind in ("link to a foreign file", "link to nothing", "link to itself", "a folder", "a FIFO"):
        restore()
        victim.unlink()
        if kind == "a folder":
            victim.mkdir()
        elif kind == "a FIFO":
            os.mkfifo(victim)
        else:
            outside = shop.root / "outside"
            outside.write_bytes(data[:-1] + b"x")
            victim.symlink_to({"link to nothing": "nowhere", "link to itself": victim.name}.get(kind, outside))
        judge(kind)
    restore()
    elsewhere = shop.root / "elsewhere"
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.move(cache, elsewhere)
    cache.symlink_to(elsewhere)
    judge("the folder is a link")
    cache.unlink()

    # Six at once, without an entry and with a damaged one.
    for round_number in range(8):
        restore()
        if round_number % 2 == 0:
            shutil.rmtree(cache)
        else:
            victim.write_bytes(data[:len(data) // 2])
        racing = [
            subprocess.Popen([PROGRAMS / "tailor-runtime", *words], cwd=shop.root, env=shop.environment(),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
        for process in racing:
            output, errors = process.communicate(timeout=300)
            tally.add("attacks")
            if process.returncode != 0 or output != right.stdout:
                tally.fail(f"race {round_number}: {process.returncode}: {text(errors)[-300:]}")

    # Killed while the entry is written.
    shutil.rmtree(cache)
    calls = "open,write,fsync,rename,unlink,mkdir"
    points = shop.count(words, calls, "tailor-runtime")
    for point in range(1, points + 1):
        shutil.rmtree(cache, ignore_errors=True)
        shop.call(words, (calls, point, "kill"), "tailor-runtime")
        tally.add("kills")
        judge(f"killed at call {point}")

    generator = random.Random(3)
    for number in range(options.positions):
        if over():
            break
        # Every eighth within a name or a small file, where there are some.
        path = generator.choice(entries) if number % 8 == 0 else victim
        restore()
        flipped = bytearray(sound[path])
        position = generator.randrange(len(flipped))
        flipped[position] ^= 1 << generator.randrange(8)
        path.write_bytes(flipped)
        judge(f"bit of byte {position} of {path.name}")
        tally.add("flips")
    shop.close()
    tally.finish()


if __name__ == "__main__":
    main()

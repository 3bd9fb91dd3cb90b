"""Kills train, evaluate and export at every call by which something gets onto the disk, and goes on.

    python3 Scripts/torture/kills.py [--seconds N] [--kills N] [--seed N] [--parts NAME,…]

After each kill the same command is given again (train with --resume where a run is): it must end well with what the
command gives that nobody kills, to the bit, and leave no temporary file.
"""
import argparse
import itertools
import random
import shutil

from common import Tally, Workshop, crashed, leftovers, run_result, text

CALLS = "open,fsync,rename,unlink,mkdir"
TRAIN = ["train", "data", "--output", "run", "--weights", "none", "--image-size", "32", "--batch-size", "4",
         "--threads", "1", "--workers", "1", "-q"]
RECIPES = {
    "phases": ["--recipe", "guide", "--epochs", "2"],
    "seeds": ["--recipe", "quick", "--epochs", "1", "--seeds", "2"],
    "folds": ["--recipe", "quick", "--epochs", "1", "--folds", "2"],
}


class Campaign:
    def __init__(self, shop, tally):
        self.shop, self.tally = shop, tally
        self.run = shop.root / "run"

    def train(self, name):
        """Kills of one recipe, as a generator of (points, kill one)."""
        words = TRAIN + RECIPES[name]
        shutil.rmtree(self.run, ignore_errors=True)
        points = self.shop.count(words, CALLS)
        expected = run_result(self.run)

        def kill(point):
            shutil.rmtree(self.run, ignore_errors=True)
            killed = self.shop.call(words, (CALLS, point, "kill"))
            if killed.returncode == 0:
                return  # fewer calls this time: a checkpoint less, by the clock
            if killed.returncode != -9:
                return self.tally.fail(f"train {name}, call {point}: {crashed(killed)}: {text(killed.stderr)[-300:]}")
            self.tally.add("kills")
            has_run = (self.run / "run.json").exists() or (self.run / "checkpoint").exists()
            done = self.shop.call(words + (["--resume"] if has_run else []))
            if done.returncode != 0:
                return self.tally.fail(
                    f"train {name}, call {point}: going on ended with {done.returncode}: {text(done.stderr)[-300:]}")
            found = run_result(self.run)
            for part in expected:
                if found[part] != expected[part]:
                    return self.tally.fail(f"train {name}, call {point}: {part} is another")
            if not (self.run / "report.html").exists():
                return self.tally.fail(f"train {name}, call {point}: no report")
            if leftovers(self.run):
                self.tally.fail(f"train {name}, call {point}: left {leftovers(self.run)}")

        return points, kill

    def trained(self):
        """A finished run, and the state folder that belongs to it."""
        kept = self.shop.root / "kept"
        if not kept.exists():
            shutil.rmtree(self.run, ignore_errors=True)
            done = self.shop.call(TRAIN + RECIPES["seeds"])
            if done.returncode != 0:
                raise SystemExit(text(done.stderr))
            shutil.copytree(self.run, kept)
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.copytree(kept, self.run)
        shutil.rmtree(self.shop.root / "home", ignore_errors=True)

    def evaluate(self):
        words = ["evaluate", "run", "--threads", "1", "--workers", "1", "-q"]
        self.trained()
        points = self.shop.count(words, CALLS)
        expected = (self.run / "test/predictions.csv").read_bytes()

        def kill(point):
            self.trained()
            killed = self.shop.call(words, (CALLS, point, "kill"))
            if killed.returncode != -9:
                return self.tally.fail(f"evaluate, call {point}: {killed.returncode}: {text(killed.stderr)[-300:]}")
            self.tally.add("kills")
            done = self.shop.call(words)
            said = text(done.stdout)
            if done.returncode != 0 or not ("first use" in said or "second use" in said):
                return self.tally.fail(f"evaluate, call {point}: then {done.returncode}: {text(done.stderr)[-300:]}")
            if (self.run / "test/predictions.csv").read_bytes() != expected:
                return self.tally.fail(f"evaluate, call {point}: other answers")
            third = self.shop.call(words)
            if third.returncode != 0 or "first use" in text(third.stdout):
                return self.tally.fail(f"evaluate, call {point}: a use was forgotten")
            if leftovers(self.run) or leftovers(self.shop.root / "home"):
                self.tally.fail(f"evaluate, call {point}: left {leftovers(self.shop.root)}")

        return points, kill

    def export(self):
        words = ["export", "run", "--threads", "1", "-q"]
        self.trained()
        points = self.shop.count(words, CALLS)
        expected = (self.run / "model.onnx").read_bytes()

        def kill(point):
            self.trained()
            killed = self.shop.call(words, (CALLS, point, "kill"))
            if killed.returncode != -9:
                return self.tally.fail(f"export, call {point}: {killed.returncode}: {text(killed.stderr)[-300:]}")
            self.tally.add("kills")
            model = self.run / "model.onnx"
            if model.exists() and model.read_bytes() != expected:
                return self.tally.fail(f"export, call {point}: half a model file")
            done = self.shop.call(words)
            if done.returncode != 0 or model.read_bytes() != expected:
                return self.tally.fail(f"export, call {point}: then {done.returncode}: {text(done.stderr)[-300:]}")
            if leftovers(self.run):
                self.tally.fail(f"export, call {point}: left {leftovers(self.run)}")

        return points, kill


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--kills", type=int, default=10**9)
    parser.add_argument("--parts", help="some of: train phases, train seeds, train folds, evaluate, export")
    parser.add_argument("--seed", type=int, default=1, help="order of the points")
    options = parser.parse_args()
    shop, tally = Workshop("kills"), Tally("kills")
    campaign = Campaign(shop, tally)
    parts = {f"train {name}": (lambda name=name: campaign.train(name)) for name in RECIPES}
    parts |= {"evaluate": campaign.evaluate, "export": campaign.export}
    if options.parts:
        parts = {name: parts[name] for name in options.parts.split(",")}
    plans = []
    for name, part in parts.items():
        points, kill = part()
        print(f"{name}: {points} calls", flush=True)
        order = list(range(1, points + 1))
        random.Random(options.seed).shuffle(order)
        plans.append((kill, order))
    # All parts in turn, each point once before any twice: a bounded run sees something of everything.
    for round_number in itertools.count():
        for index in range(max(len(order) for _, order in plans)):
            for kill, order in plans:
                if tally.seconds > options.seconds or tally.counts.get("kills", 0) >= options.kills:
                    shop.close()
                    tally.finish()
                if index < len(order):
                    kill(order[index])
            print(f"{tally.counts.get('kills', 0)} kills, {tally.seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()

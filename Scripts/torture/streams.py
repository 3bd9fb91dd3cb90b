"""Each command with standard output and standard error full, closed and broken.

    python3 Scripts/torture/streams.py [--table]

A lost message ends nothing; a lost result is exit code 1, and named where somebody can still read it.
"""
import argparse
import os
import shutil
import subprocess

from common import PROGRAMS, Tally, Workshop, crashed, text
from kills import RECIPES, TRAIN

STATES = ("full", "closed", "broken")


def stream(state):
    """A descriptor for `state`, or None for closed."""
    if state == "full":
        return os.open("/dev/full", os.O_WRONLY)
    if state == "broken":
        reader, writer = os.pipe()
        os.close(reader)
        return writer
    return None


def call(shop, words, program, broken, state):
    """Runs with stream 1 or 2 in this state; the other one is read."""
    descriptor = stream(state)

    def prepare():
        if descriptor is None:
            os.close(broken)

    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    if descriptor is not None:
        streams["stdout" if broken == 1 else "stderr"] = descriptor
    done = shop.call(words, program=program, preexec_fn=prepare, restore_signals=True, **streams)
    if descriptor is not None:
        os.close(descriptor)
    return done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--table", action="store_true", help="print the table of exit codes, too")
    options = parser.parse_args()
    shop, tally = Workshop("streams"), Tally("streams")
    train = TRAIN[:-1] + RECIPES["seeds"]
    image = "data/test/across/0.ppm"
    shop.make_run(train)
    # Whether the command's result is on standard output.
    commands = [
        ("train", train, "tailor"), ("train --json", train + ["--json"], "tailor"),
        ("train --print-recipe", ["train", "data", "--print-recipe"], "tailor"),
        ("export", ["export", "run"], "tailor"), ("export --json", ["export", "run", "--json"], "tailor"),
        ("evaluate", ["evaluate", "run"], "tailor"), ("evaluate --json", ["evaluate", "run", "--json"], "tailor"),
        ("predict RUN", ["predict", "run", image], "tailor"),
        ("predict MODEL", ["predict", "run/model.onnx", image], "tailor"),
        ("predict --format csv", ["predict", "run/model.onnx", "data/test", "--format", "csv"], "tailor"),
        ("predict --json", ["predict", "run/model.onnx", "data/test", "--json"], "tailor"),
        ("tailor-runtime predict", ["predict", "run/model.onnx", image], "tailor-runtime"),
        ("check", ["check", "data", "--no-features"], "tailor"),
        ("check --json", ["check", "data", "--no-features", "--json"], "tailor"),
        ("split", ["split", "data", "split", "--merge"], "tailor"),
        ("split --json", ["split", "data", "split", "--merge", "--json"], "tailor"),
        ("weights list", ["weights", "list"], "tailor"), ("doctor", ["doctor"], "tailor"),
        ("doctor --json", ["doctor", "--json"], "tailor"), ("completion bash", ["completion", "bash"], "tailor"),
        ("man", ["man"], "tailor"), ("--help", ["--help"], "tailor"), ("--version", ["--version"], "tailor"),
    ]
    rows = []
    for name, words, program in commands:
        codes = []
        for broken in (1, 2):
            for state in STATES:
                shutil.rmtree(shop.root / "split", ignore_errors=True)
                if name.startswith("train") and "print" not in name:
                    shutil.rmtree(shop.root / "run2", ignore_errors=True)
                    words = ["run2" if word in ("run", "run2") else word for word in words]
                done = call(shop, words, program, broken, state)
                tally.add("streams")
                wanted = (1,) if broken == 1 else ((0, 3) if name.startswith("check") else (0,))
                codes.append(str(done.returncode))
                where = f"{name}, {'output' if broken == 1 else 'errors'} {state}"
                if crashed(done) or done.returncode not in wanted:
                    tally.fail(f"{where}: {crashed(done) or done.returncode}: {text(done.stderr)[-300:]}")
                elif broken == 1 and "standard output" not in text(done.stderr):
                    tally.fail(f"{where}: not named: {text(done.stderr)[-300:]}")
                if name.startswith("train") and "print" not in name:
                    if not (shop.root / "run2/report.html").exists():
                        tally.fail(f"{where}: the run has no report")
        rows.append(f"| `{name}` | " + " | ".join(codes) + " |")
    if options.table:
        print("| command | output full | closed | broken | errors full | closed | broken |")
        print("|---|---|---|---|---|---|---|")
        print("\n".join(rows))
    shop.close()
    tally.finish()


if __name__ == "__main__":
    main()

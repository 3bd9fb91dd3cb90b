"""What the scripts of the campaign share: programs, made data, runs with faults, and the table at the end."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from made_data import make_data  # noqa: E402

PROGRAMS = Path(os.environ.get("TAILOR_PROGRAMS", HERE.parent.parent / ".build/release")).resolve()
TIMEOUT = 300
# What one run writes into both runs anew: clocks and names of temporary places.
PASSING = {"startedAt", "finishedAt", "seconds", "imagesPerSecond", "secondsBefore", "sessions"}


def build_faults(folder):
    """The library of faults.c."""
    library = Path(folder) / "faults.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "faults.c", "-ldl"], check=True)
    return library


class Workshop:
    """A folder with made data, a home of its own, and programs that are called in it."""

    def __init__(self, name):
        self.root = Path(tempfile.mkdtemp(prefix=f"torture-{name}-", dir=os.environ.get("TORTURE_FOLDER")))
        self.faults = build_faults(self.root)
        self.data = self.root / "data"
        make_data(self.data, (("train", 4), ("val", 2), ("test", 2)))

    def environment(self, extra=None):
        home = self.root / "home"
        return {
            "PATH": os.environ["PATH"], "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_STATE_HOME": str(home / "state"), "COLUMNS": "200", "LANG": "C.UTF-8", **(extra or {})}

    def call(self, words, fault=None, program="tailor", timeout=TIMEOUT, extra=None, **streams):
        """Runs a program. `fault`: calls, number and kind. A hang is exit code 'hang'."""
        environment = self.environment(extra)
        if fault:
            calls, number, kind = fault
            environment |= {
                "LD_PRELOAD": str(self.faults), "FAULT_CALLS": calls, "FAULT_AT": str(number),
                "FAULT_KIND": kind, "FAULT_COUNT": str(self.root / "count")}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
        try:
            return subprocess.run(
                [PROGRAMS / program, *map(str, words)], cwd=self.root, env=environment, timeout=timeout,
                stdin=subprocess.DEVNULL, **streams)
        except subprocess.TimeoutExpired as error:
            return subprocess.CompletedProcess(error.cmd, "hang", error.stdout or b"", error.stderr or b"")

    def count(self, words, calls, program="tailor"):
        """Number of such calls in a run without faults."""
        (self.root / "count").unlink(missing_ok=True)
        done = self.call(words, (calls, 0, "none"), program)
        if done.returncode != 0:
            raise SystemExit(f"{words}: exit code {done.returncode}: {text(done.stderr)[-800:]}")
        return int((self.root / "count").read_text())

    def make_run(self, train):
        """A finished run and its model file, by this command line."""
        for words in (train, ["export", "run", "-q"]):
            done = self.call(words)
            if done.returncode != 0:
                raise SystemExit(f"the made data cannot be trained on: {text(done.stderr)[-800:]}")

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)


def text(data):
    return (data or b"").decode("utf-8", "backslashreplace")


def crashed(done):
    """Why a call did not end as it may, or None: a hang, a signal, a trap's report."""
    if done.returncode == "hang":
        return f"no end within {TIMEOUT} s"
    if done.returncode < 0:
        return f"signal {-done.returncode}"
    said = text(done.stderr)
    for sign in ("Fatal error", "Illegal instruction", "*** Program crashed", "terminate called"):
        if sign in said:
            return sign
    if done.returncode not in (0, 1, 2, 3):
        return f"exit code {done.returncode}"
    return None


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in PASSING}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    return value


def run_result(folder):
    """What a run has reached, without what is another each time."""
    result = {}
    for name in ("best.safetensors", "last.safetensors", "predictions_val.csv", "dataset.csv", "recipe.json"):
        path = folder / name
        result[name] = path.read_bytes() if path.exists() else None
    record = folder / "run.json"
    result["run.json"] = without_times(json.loads(record.read_bytes())) if record.exists() else None
    rows = [line.split(",") for line in (folder / "metrics.csv").read_text().splitlines()]
    timed = [index for index, name in enumerate(rows[0]) if "second" in name]
    result["metrics.csv"] = [[cell for index, cell in enumerate(row) if index not in timed] for row in rows]
    return result


def leftovers(folder):
    """Temporary files that are still there."""
    return [str(path.relative_to(folder)) for path in folder.rglob(".tailor-*")]


class Tally:
    """Counts, failures, and the line for the table."""

    def __init__(self, name):
        self.name, self.counts, self.failures, self.began = name, {}, [], time.monotonic()

    def add(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    def fail(self, what):
        self.failures.append(what)
        print(f"FAILED {self.name}: {what}", flush=True)

    @property
    def seconds(self):
        return time.monotonic() - self.began

    def finish(self):
        counts = ", ".join(f"{number:,} {what}" for what, number in self.counts.items())
        print(f"| {self.name} | {counts} | {len(self.failures)} | {self.seconds:.0f} s |", flush=True)
        sys.exit(1 if self.failures else 0)

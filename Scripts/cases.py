"""The public reports' cases, each with the command that met it: prints what the program answers now, as Markdown.

    python3 Scripts/cases.py CASES .build/release/tailor

CASES holds one folder a case, NN-name, whose make.py writes its inputs (needs Pillow and numpy). Ends with an error if
an exit code is not the one expected here, if a refusal says nothing, or if the program crashed.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

CASES, PROGRAM = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
TRAIN = "--weights none --image-size 32 --epochs 1 --no-probe --device cpu --batch-size 32 --threads 1 --quiet -o {new}"
CHECK = "check {case}/%s --no-features"
SPLIT = "split {case}/%s {new}"
BOXES = "split {case}/%s {new} --annotations {case}/%s"

# Case: commands with the exit code that is right. {case}: the case's folder; {new}: a name that does not exist yet;
# {last}: the newest of those.
COMMANDS = {
    "01": [(BOXES % ("images", "result.json"), 0)],
    "02": [(BOXES % ("images", "c.json"), 0)],
    "04": [(BOXES % ("images", name + ".json"), code) for name, code in (
        ("minus-one", 0), ("bool", 0), ("string-size", 0), ("float-ids", 0), ("bom", 0), ("twice", 0),
        ("zero-height", 2), ("nan", 2), ("empty", 2))]
        + [(BOXES % ("images", name + ".json --skip-problems"), 0) for name in ("zero-height", "nan", "empty")],
    "05": [(BOXES % ("images", "labels"), 0)],
    "06": [(BOXES % ("images", name), 0) for name in ("decimal", "conf", "twice")],
    "07": [(BOXES % (images, labels), 0) for images, labels in (
        ("roboflow", "roboflow"), ("roboflow/train/images", "roboflow/train/labels"), ("cvat", "cvat"),
        ("cvat/obj_train_data", "cvat/obj_train_data"))],
    "08": [(BOXES % ("images", name), code) for name, code in (
        ("stale", 0), ("extension", 0), ("case", 0), ("noext", 0), ("swapped", 2))],
    "09": [("predict {model} {case}/*", 1)],
    "11": [(BOXES % ("images", "c.json"), 2), (BOXES % ("images", "c.json --skip-problems"), 0), (SPLIT % "folders", 2),
           (SPLIT % "folders" + " --skip-problems", 0)],
    "12": [(SPLIT % "*.csv", None)],
    "13": [("train {case}/%s %s" % (name, TRAIN), 0) for name in (
        "documents", "documents3", "vehicles", "vehicles3", "electro", "electro3", "nested")]
        + [(SPLIT % name, 0) for name in ("documents", "vehicles", "electro3")],
    "14": [("train {case}/data --recipe {case}/*.json --print-recipe", None)],
    "15": [("train {case}/data --exclude-from {case}/%s.txt %s" % (name, TRAIN), code) for name, code in (
        ("plain", 0), ("crlf", 0), ("dot", 0), ("bom", 0), ("backslash", 0), ("spaces", 0), ("absolute", None),
        ("utf16", 0), ("mixed", 0), ("empty", None))]
        + [("train {case}/data --exclude-from {case}/mixed.txt --strict %s" % TRAIN, 2)],
    "16": [(CHECK % "a --fix {new}.txt", None), ("train {case}/a --exclude-from {last}.txt --strict %s" % TRAIN, 0),
           ("train {case}/c %s" % TRAIN, 0), ("train {case}/d %s" % TRAIN, 0)],
    "17": [(CHECK % "a --fix {new}.txt", None), ("train {case}/a --exclude-from {last}.txt --strict %s" % TRAIN, 0)],
    "18": [("train {case} %s" % TRAIN, 0), ("check {case} --no-features", None)],
    "19": [(CHECK % "b10", 0), (CHECK % "b12", 0), (CHECK % "dicom", 2), (CHECK % "npy", 2),
           (SPLIT % "dicom/train", 2), ("train {case}/npy %s" % TRAIN, 2)],
    "20": [(command % name, 2) for name in ("whole",) for command in (
        CHECK, "train {case}/%s " + TRAIN, SPLIT)],
    "21": [("split {case}/*/ {new} --annotations {match}", None)],
    "22": [("check {case} --no-features", None), ("{overwrite}", None), ("check {case} --no-features", None)],
    "23": [(SPLIT % "", 0), ("train {case} %s" % TRAIN, 0)],
}


class Runner:
    def __init__(self, folder):
        self.folder, self.count, self.failed = folder, 0, []
        self.environment = dict(
            os.environ, HOME=str(folder / "home"), XDG_CACHE_HOME=str(folder / "cache"),
            XDG_STATE_HOME=str(folder / "state"), COLUMNS="200", T=str(PROGRAM), PYTHONPATH=str(CASES))

    def make(self, case):
        target = self.folder / "in" / case.name
        subprocess.run([sys.executable, case / "make.py", target], env=self.environment, capture_output=True)
        return target

    def words(self, template, case):
        """The commands of a template, one a match of its pattern."""
        at = next((word for word in template.split() if "*" in word), None)
        matches = [None]
        if at:
            pattern = at.replace("{case}/", "")
            matches = sorted(case.glob(pattern)) if "predict" not in template else [None]
        for match in matches:
            result = []
            for word in template.split():
                if word == at and match is None:
                    result += sorted(str(p) for p in case.glob(word.replace("{case}/", "")))
                    continue
                if word == at or word == "{match}":
                    result.append(str(match))
                    continue
                if "{new}" in word:
                    self.count += 1
                    self.last = str(self.folder / f"out-{self.count}")
                result.append(word.format(case=case, new=getattr(self, "last", ""), last=getattr(self, "last", ""),
                                          model=getattr(self, "model", "")))
            yield result

    def run(self, number, words, expected):
        outcome = subprocess.run(
            [os.fsencode(PROGRAM), *map(os.fsencode, words)], env=self.environment, capture_output=True, timeout=900)
        text = outcome.stderr.decode(errors="backslashreplace")
        lines = [line for line in text.splitlines() if line.strip()]
        said = next((line for line in lines if line.startswith("error:")), None)
        if said is None:
            said = next((line for line in lines if line.startswith("warning:")), "")
        crashed = outcome.returncode < 0 or "Fatal error" in text or "crashed" in text
        allowed = (0, 2, 3) if expected is None else (expected,)
        if crashed or outcome.returncode not in allowed or (outcome.returncode == 2 and not said):
            self.failed.append((words, expected, outcome.returncode, text[-500:]))
        shorter = " ".join(words).replace(str(self.folder / "in") + "/", "").replace(str(self.folder) + "/", "")
        said = said.replace(str(self.folder / "in") + "/", "").replace(str(self.folder) + "/", "")
        said = said if len(said) <= 200 else said[:197] + "…"
        print("| %s | `%s` | %d | %s |" % tuple(
            str(cell).replace("|", "\\|").replace("\n", " ") if index != 2 else cell
            for index, cell in enumerate((number, shorter.encode("utf-8", "backslashreplace").decode(),
                                          outcome.returncode, said))), flush=True)

    def overwrite(self, case):
        """What case 22 does between two checks: other contents, size and time of modification kept."""
        source, target = case / "train/nok/000.bmp", case / "train/ok/000.bmp"
        before = target.stat()
        target.write_bytes(source.read_bytes())
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))


def model(runner):
    """A small model file, for what is to be predicted."""
    case = runner.make(next(CASES.glob("15-*")))
    run, runner.model = runner.folder / "run", str(runner.folder / "model.onnx")
    words = TRAIN.format(new=run).split()
    for command in (["train", case / "data", *words], ["export", run, "--precision", "fp32", "-o", runner.model, "-q"]):
        subprocess.run([PROGRAM, *command], env=runner.environment, capture_output=True, check=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(Path(folder).resolve())
        model(runner)
        print("| case | command | exit | answer |\n|---|---|---|---|")
        for path in sorted(CASES.glob("[0-9]*")):
            number = path.name[:2]
            case = runner.make(path)
            for template, expected in COMMANDS.get(number, []):
                if template == "{overwrite}":
                    runner.overwrite(case)
                    continue
                for words in runner.words(template, case):
                    runner.run(path.name, words, expected)
    for words, expected, got, said in runner.failed:
        print(f"\n{' '.join(words)}: expected exit code {expected}, got {got}: {said}".encode(
            "utf-8", "backslashreplace").decode(), file=sys.stderr)
    sys.exit(1 if runner.failed else 0)


if __name__ == "__main__":
    main()

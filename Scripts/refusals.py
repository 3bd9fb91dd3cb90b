"""Each command with each kind of bad option or file: prints what it answers, as a Markdown table.

    python3 Scripts/refusals.py .build/release

Makes a small data set, a run and a model file in a temporary folder and calls the programs as a user would. Ends with
an error if an exit code is not the one expected here, if a refusal says nothing, or if a program crashed. Needs nothing
but Python.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from made_data import make_data, stripes

PROGRAMS = Path(sys.argv[1] if len(sys.argv) > 1 else ".build/release").resolve()
FAILED = []


def call(words, folder, environment=None):
    program = PROGRAMS / ("tailor-runtime" if words[0] == "tailor-runtime" else "tailor")
    return subprocess.run(
        [program, *words[1:]], cwd=folder, capture_output=True, text=True, errors="backslashreplace", timeout=600,
        env=dict(os.environ, COLUMNS="200", HOME=str(folder / "home"), XDG_CACHE_HOME=str(folder / "cache"),
                 XDG_STATE_HOME=str(folder / "state"), **(environment or {})))


def row(folder, what, command, expected):
    words = command if isinstance(command, list) else command.split()
    outcome = call(words, folder)
    lines = [line for line in outcome.stderr.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("error:")), lines[0] if lines else "")
    if said.endswith(":"):
        said = " ".join(line.strip() for line in lines[lines.index(said):][:2])
    good = outcome.returncode == expected and (expected == 0 or bool(said))
    if "Fatal error" in outcome.stderr or "crashed" in outcome.stderr or outcome.returncode < 0:
        good = False
    if not good:
        FAILED.append((" ".join(words), expected, outcome.returncode, outcome.stderr[-600:]))
    shown = said.replace(f"{folder}/", "").replace("|", "\\|")
    shown = shown if len(shown) <= 220 else shown[:217] + "…"
    text = " ".join(words).replace("|", "\\|").replace("\n", "\\n")
    print(f"| {what} | `{text}` | {outcome.returncode} | {shown} |", flush=True)


TRAIN = "--weights none --image-size 32 --no-probe --epochs 1 --batch-size 8 --device cpu --threads 1 --quiet"


def rows(f):
    def table(title):
        print(f"\n## {title}\n\n| what is wrong | command | exit | answer |\n|---|---|---|---|", flush=True)

    table("Any command")
    for command in ("split", "check", "train", "export", "evaluate", "predict"):
        row(f, "no argument", f"tailor {command}", 2)
        row(f, "unknown option", f"tailor {command} x --trian", 2)
    row(f, "unknown command", "tailor trian data", 2)
    row(f, "option without its value", "tailor train data --seed", 2)

    table("check")
    row(f, "no such folder", "tailor check nowhere", 2)
    row(f, "a file", "tailor check data/train/across/0.ppm", 2)
    row(f, "an empty folder", "tailor check empty", 2)
    row(f, "images without classes", "tailor check flat", 2)
    row(f, "number as text", "tailor check data --workers many --no-features", 2)
    row(f, "unknown device", "tailor check data --device gpu", 2)
    row(f, "device that is not there", "tailor check data --device cuda:99 --weights none", 2)
    row(f, "pattern without a match", ["tailor", "check", "data", "--no-features", "--group-by", "patient"], 2)
    row(f, "pattern that is none", ["tailor", "check", "data", "--no-features", "--group-by", "(["], 2)
    row(f, "option without effect", "tailor check data --no-features --weights none", 2)
    row(f, "report under a file", "tailor check data --no-features --report note.txt/x.html", 2)
    row(f, "report over a file of the user's", "tailor check data --no-features --report note.txt", 2)
    row(f, "report over a page of review", "tailor check data --no-features --report review.html", 2)
    row(f, "list that was changed by hand", "tailor check data --no-features --fix list.txt", 2)

    row(f, "decisions without a place for the data", "tailor check data --apply good.csv", 2)
    row(f, "decisions that do not exist", "tailor check data --apply nowhere.csv -o corrected.csv", 2)
    row(f, "decisions that are none", "tailor check data --apply note.txt -o corrected.csv", 2)
    row(f, "decision about a changed file", "tailor check data --apply changed.csv -o corrected.csv", 2)
    row(f, "decision about another label", "tailor check data --apply label.csv -o corrected.csv", 2)
    row(f, "decision for an unknown class", "tailor check data --apply class.csv -o corrected.csv", 2)
    row(f, "decision about a test image", "tailor check data --apply test.csv -o corrected.csv", 2)
    row(f, "corrected data over a file of the user's", "tailor check data --apply good.csv -o miss.csv", 2)
    row(f, "corrected data inside the data", "tailor check data --apply good.csv -o data/corrected", 2)
    row(f, "option without effect", "tailor check data --apply good.csv -o corrected.csv --fix x.txt", 2)

    table("advise")
    row(f, "no such folder", "tailor advise nowhere", 2)
    row(f, "an empty folder", "tailor advise empty", 2)
    row(f, "memory that is no size", "tailor advise data --memory lots", 2)
    row(f, "memory of no machine", "tailor advise data --memory 0", 2)

    table("review")
    row(f, "no such folder", "tailor review nowhere", 2)
    row(f, "an empty folder", "tailor review empty", 2)
    row(f, "page over a file of the user's", "tailor review data --no-features -o note.txt", 2)
    row(f, "page over a page of findings", "tailor review data --no-features -o check.html", 2)
    row(f, "decisions about other data", "tailor review data --no-features --decisions elsewhere.csv -o r.html", 2)
    row(f, "page below a file", "tailor review data --no-features -o note.txt/review.html", 2)
    row(f, "option without effect", "tailor review data --no-features --weights none", 2)
    row(f, "annotations of another tool", "tailor review data --from label-studio --annotations note.txt -o d.csv", 2)
    row(f, "annotations that are missing", "tailor review data --from label-studio -o d.csv", 2)
    row(f, "unknown tool", "tailor review data --to labelme -o tasks.json", 2)

    table("train")
    row(f, "no such folder", f"tailor train nowhere {TRAIN}", 2)
    row(f, "an empty folder", f"tailor train empty {TRAIN}", 2)
    row(f, "one class", f"tailor train data/train/across {TRAIN}", 2)
    row(f, "output that holds a run", f"tailor train data -o run {TRAIN}", 2)
    row(f, "output that is a file", f"tailor train data -o note.txt {TRAIN}", 2)
    row(f, "output below a file", f"tailor train data -o note.txt/run {TRAIN}", 2)
    row(f, "out of range", f"tailor train data -o n --lr -1", 2)
    row(f, "out of range", f"tailor train data -o n --image-size 8", 2)
    row(f, "not a number", f"tailor train data -o n --momentum nan", 2)
    row(f, "unknown stage", f"tailor train data -o n --phases layer9:1", 2)
    row(f, "unknown class", f"tailor train data -o n --class-weights upwrite=2 {TRAIN}", 2)
    row(f, "unknown key in a recipe", f"tailor train data -o n --recipe typo.json", 2)
    row(f, "recipe that is no JSON", f"tailor train data -o n --recipe note.txt", 2)
    row(f, "recipe that does not exist", f"tailor train data -o n --recipe nowhere.json", 2)
    row(f, "weights that do not exist", f"tailor train data -o n --weights nowhere.pth", 2)
    row(f, "weights that are none", f"tailor train data -o n --weights note.txt", 2)
    row(f, "list that does not exist", f"tailor train data -o n --exclude-from nowhere.txt {TRAIN}", 2)
    row(f, "list that hits nothing", f"tailor train data -o n --exclude-from miss.txt {TRAIN}", 2)
    row(f, "list that misses, strictly", f"tailor train data -o n --exclude-from some.txt --strict {TRAIN}", 2)
    row(f, "table that names no image", f"tailor train data -o n --group-by miss.csv {TRAIN}", 2)
    row(f, "decisions that do not exist", f"tailor train data -o n --decisions nowhere.csv {TRAIN}", 2)
    row(f, "decision about a changed file", f"tailor train data -o n --decisions changed.csv {TRAIN}", 2)
    row(f, "memory limit that is no size", "tailor train data -o n --memory-limit plenty", 2)
    row(f, "memory limit below what a run needs", f"tailor train data -o n --memory-limit 20M {TRAIN}", 2)
    row(f, "resume of nothing", f"tailor train data -o nowhere --resume {TRAIN}", 2)
    row(f, "resume of another run", f"tailor train data -o stopped --resume {TRAIN} --seed 7", 2)
    row(f, "share beside a val/", f"tailor train data -o n --validation-share 0.3 {TRAIN}", 2)
    row(f, "an image that cannot be read, strictly", f"tailor train broken -o n --strict {TRAIN}", 2)

    table("export")
    row(f, "no run", "tailor export data", 2)
    row(f, "run.json that is no JSON", "tailor export damaged", 2)
    row(f, "run.json of a newer version", "tailor export newer", 2)
    row(f, "weights changed", "tailor export tampered", 2)
    row(f, "data gone", "tailor export run --data nowhere -o x.onnx", 2)
    row(f, "data changed", "tailor export run --data changed -o x.onnx", 2)
    row(f, "output below a file", "tailor export run -o note.txt/x.onnx --precision fp32 --quiet", 2)
    row(f, "output that export did not write", "tailor export run -o note.txt --precision fp32 --quiet", 2)
    row(f, "output that the run itself needs", "tailor export run -o run/run.json --precision fp32 --quiet", 2)
    row(f, "option without effect", "tailor export run --precision fp32 --ranges mse", 2)
    row(f, "option without effect", "tailor export run --format pth --max-error 0.1", 2)
    row(f, "option without effect", "tailor export run --format huggingface -o hub --max-drop 2", 2)
    row(f, "a folder where a file is", "tailor export run --format huggingface -o note.txt", 2)
    row(f, "a folder that is a run's", "tailor export run --format huggingface -o run", 2)
    row(f, "a folder that is not empty", "tailor export run --format fp32 -o data", 2)
    row(f, "a name that says otherwise", "tailor export run --format tensorrt -o x.pth", 2)
    row(f, "pictures for TensorRT", "tailor export run --format tensorrt --preprocess embedded", 2)
    row(f, "unknown format", "tailor export run --format coreml", 2)
    row(f, "unknown class", ["tailor", "export", "run", "--cost", "false_negative=2,false_positive=1",
                             "--positive", "upwrite"], 2)
    row(f, "an error that cannot be promised", "tailor export run -o x.onnx --precision fp32 --max-error 0.001 --quiet", 2)

    table("evaluate")
    row(f, "no run", "tailor evaluate data", 2)
    row(f, "no test set", "tailor evaluate untested", 2)
    row(f, "model of another run", "tailor evaluate run --model other.onnx", 2)
    row(f, "model that is none", "tailor evaluate run --model note.txt", 2)
    row(f, "test set used before, strictly", "tailor evaluate run --strict", 3)
    row(f, "run that did not finish", "tailor evaluate stopped", 2)

    table("predict")
    for program in ("tailor", "tailor-runtime"):
        row(f, "no such model", f"{program} predict nowhere.onnx data/test", 2)
        row(f, "a text as model", f"{program} predict note.txt data/test", 2)
        row(f, "a cut model", f"{program} predict cut.onnx data/test", 2)
        row(f, "a model with one bit changed", f"{program} predict flipped.onnx data/test", 2)
        row(f, "no such image", f"{program} predict model.onnx nowhere.png", 1)
        row(f, "folder without images", f"{program} predict model.onnx empty", 2)
        row(f, "an image that cannot be read", f"{program} predict model.onnx broken/train/across/bad.ppm", 1)
        row(f, "unknown class", f"{program} predict model.onnx data/test --tiles auto --worst upwrite", 2)
        row(f, "option without effect", f"{program} predict model.onnx data/test --worst across", 2)
        row(f, "out of range", f"{program} predict model.onnx data/test --min-probability 2", 2)
        row(f, "option without effect", f"{program} predict model.onnx data/test --image-url https://host/", 2)
        row(f, "unknown format", f"{program} predict model.onnx data/test --format xml", 2)
        row(f, "heat maps of a model without", f"{program} predict nomaps.onnx data/test --heatmap maps", 2)
        row(f, "heat maps among the images", f"{program} predict model.onnx data/test --heatmap data/test/across", 2)
        row(f, "heat maps in a file", f"{program} predict model.onnx data/test --heatmap note.txt", 2)
        row(f, "heat maps of an unknown class",
            f"{program} predict model.onnx data/test --heatmap maps --heatmap-class upwrite", 2)
        row(f, "option without effect", f"{program} predict model.onnx data/test --heatmap-class across", 2)
    row(f, "run with a model's option", "tailor predict run data/test --tiles auto", 2)
    row(f, "model with a run's option", "tailor predict model.onnx data/test --device cpu", 2)

    table("split")
    row(f, "no such source", "tailor split nowhere parts", 2)
    row(f, "destination with something in it", "tailor split plain data", 2)
    row(f, "destination inside the source", "tailor split plain plain/parts", 2)
    row(f, "split already", "tailor split data parts", 2)
    row(f, "shares that are none", "tailor split plain parts --test 0.7 --val 0.7", 2)
    row(f, "an image that cannot be read", "tailor split torn parts", 2)
    row(f, "option without effect", "tailor split plain parts --margin 0.2", 2)
    row(f, "option without effect", "tailor split plain parts --weights none", 2)
    row(f, "option without effect", "tailor split plain parts --features --no-near-duplicates", 2)
    row(f, "CSV without columns", "tailor split bad.csv parts", 2)
    row(f, "CSV that names no image", "tailor split miss.csv parts", 2)


def make(f):
    (f / "home").mkdir()
    make_data(f / "data")
    for name in ("empty",):
        (f / name).mkdir()
    for index in range(6):
        stripes(f / "flat" / f"{index}.ppm", index, True)
    shutil.copytree(f / "data", f / "broken")
    (f / "broken/train/across/bad.ppm").write_bytes(b"P6\n40 40\n255\nshort")
    for number, (name, vertical) in enumerate((("across", False), ("upright", True))):
        for index in range(30):
            stripes(f / "plain" / name / f"{index}.ppm", index + 300 * number, vertical)
    shutil.copytree(f / "plain", f / "torn")
    (f / "torn/across/bad.ppm").write_bytes(b"P6\n40 40\n255\nshort")
    shutil.copytree(f / "data", f / "changed")
    for path in (f / "changed/val/across").iterdir():
        stripes(path, 999, True)
    (f / "note.txt").write_text("no model, no image, no JSON\n")
    (f / "miss.txt").write_text("train/across/nine.ppm\n")
    (f / "some.txt").write_text("train/across/0.ppm\ntrain/across/nine.ppm\n")
    (f / "miss.csv").write_text("path,group\nelsewhere/1.ppm,a\n")
    (f / "bad.csv").write_text("a;b\n1;2\n")

    def must(*words):
        outcome = call(["tailor", *words], f)
        if outcome.returncode not in (0, 1):
            sys.exit(f"{' '.join(words)}: {outcome.stderr}")
        return outcome

    train = TRAIN.split()
    must("train", "data", "-o", "run", *train)
    must("train", "data", "-o", "other", *train, "--seed", "5")
    shutil.copytree(f / "data", f / "untestable")
    shutil.rmtree(f / "untestable/test")
    must("train", "untestable", "-o", "untested", *train)
    must("export", "run", "-o", "model.onnx", "--precision", "fp32", "--quiet")
    must("export", "other", "-o", "other.onnx", "--precision", "fp32", "--quiet")
    must("export", "run", "-o", "nomaps.onnx", "--precision", "fp32", "--no-maps", "--quiet")
    must("evaluate", "run", "--quiet")
    header = "path,sha256,old_label,decision,new_label,reviewer,time\n"
    for name, image, label, new, changed in (
            ("good", "train/across/0.ppm", "across", "upright", False),
            ("changed", "train/across/0.ppm", "across", "upright", True),
            ("label", "train/across/0.ppm", "upright", "across", False),
            ("class", "train/across/0.ppm", "across", "upwrite", False),
            ("test", "test/across/0.ppm", "across", "upright", False)):
        path = f / "data" / image
        path = path if path.exists() else sorted(path.parent.iterdir())[0]
        digest = "0" * 64 if changed else hashlib.sha256(path.read_bytes()).hexdigest()
        (f / f"{name}.csv").write_text(
            f"{header}{path.relative_to(f / 'data')},{digest},{label},relabel,{new},me,2026-01-01T00:00:00Z\n")
    (f / "elsewhere.csv").write_text(f"{header}no.ppm,{'0' * 64},across,keep,,me,2026-01-01T00:00:00Z\n")
    must("review", "data", "--no-features", "--quiet")
    must("check", "data", "--no-features", "--quiet", "--report", "check.html", "--fix", "list.txt")
    with open(f / "list.txt", "a") as listed:
        listed.write("train/across/1.ppm\n")
    recipe = must("train", "data", "--print-recipe").stdout
    (f / "typo.json").write_text(recipe.replace('"labelSmoothing"', '"labelSmooting"'))
    model = (f / "model.onnx").read_bytes()
    (f / "cut.onnx").write_bytes(model[: len(model) // 2])
    flipped = bytearray(model)
    flipped[len(model) // 3] ^= 4
    (f / "flipped.onnx").write_bytes(flipped)
    for name in ("damaged", "newer", "tampered", "stopped"):
        shutil.copytree(f / "run", f / name)
    (f / "damaged/run.json").write_text("{")
    record = json.loads((f / "run/run.json").read_text())
    (f / "newer/run.json").write_text(json.dumps(dict(record, schema=99)))
    (f / "stopped/run.json").write_text(json.dumps(dict(record, status="interrupted")))
    weights = bytearray((f / "run/best.safetensors").read_bytes())
    weights[-5] ^= 1
    (f / "tampered/best.safetensors").write_bytes(weights)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        make(folder)
        rows(folder)
    for command, expected, got, said in FAILED:
        print(f"\n{command}: expected exit code {expected}, got {got}: {said}", file=sys.stderr)
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()

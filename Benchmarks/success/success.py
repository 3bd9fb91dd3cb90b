#!/usr/bin/env python3
"""How often fine-tuning succeeds: the study behind Documentation/SuccessRate.md.

    success.py prepare STUDY --data ARCHIVES --elpv .deps/elpv --tailor .build/release/tailor
    success.py run     STUDY --rows rows.csv --methods probe,naive,tutorial,reference
    success.py run     STUDY --rows rows.csv --methods guide,tailor --tailor .build/release/tailor
    success.py report  --rows rows.csv --output Documentation
    success.py budgets --rows budgets.csv --output Documentation
    success.py self-test

README.md beside this file says what is measured and how. `run` goes on where it stopped.
"""
import argparse
import csv
import os
import pathlib
import shlex
import sys
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
LARGE = 400  # training images
WEIGHTS = ROOT / "Sources/TailorResNet/Resources/resnet18-imagenet.safetensors"


def prepare(arguments):
    import splits
    import tasks
    root = arguments.study
    root.mkdir(parents=True, exist_ok=True)
    folders = {}
    for text in arguments.folder:
        name, _, path = text.rpartition("=")
        path = pathlib.Path(path)
        if not path.is_dir():
            raise SystemExit(f"{text}: expected a folder, or NAME=FOLDER, which exists")
        folders[name or path.resolve().name] = path
    found = tasks.collect(
        root, arguments.data, arguments.elpv, arguments.tailor, folders, arguments.group_by)
    splits.write_tasks(root, found)
    for stale in root.glob("*-*-*.csv"):
        stale.unlink()
    for task, images in found.items():
        taken = [shots for shots in splits.SHOTS if splits.offered(task, images, shots)]
        for shots in taken:
            for seed in splits.SEEDS:
                splits.write(root, splits.split(task, images, shots, seed))
        tested = sum(image.place == "test" for image in images)
        print(f"{task}: {len({i.label for i in images})} classes, {len({i.group for i in images})} groups, "
              f"{len(images) - tested} images to draw from, {tested} test images, shots {taken}")


def cells(arguments):
    """(seed, task, shots) in the order of the study: all with seed 1 first, small sets before large ones; the
    largest, which cost as much as all others together, wait for the seeds of these."""
    found = []
    for path in arguments.study.glob("*-*-*.csv"):
        task, shots, seed = path.stem.rsplit("-", 2)
        images = sum(line.startswith("train,") for line in path.read_text().splitlines())
        found.append((images > LARGE, int(seed), int(shots), task))

    def wanted(chosen, value):
        return not chosen or str(value) in chosen.split(",")

    return [(seed, task, shots) for _, seed, shots, task in sorted(found) if wanted(arguments.seeds, seed)
            and wanted(arguments.tasks, task) and wanted(arguments.shots, shots)]


def methods_of(arguments):
    """{name in the rows: (method, version)}; a name may be given another label, as in quick=tailor."""
    import torch
    import methods
    from tailor_runs import tailor
    more = shlex.split(arguments.tailor_args)
    result = {}
    for text in arguments.methods.split(","):
        label, _, name = text.rpartition("=")
        if name in methods.METHODS:
            result[label or name] = (methods.METHODS[name], f"torch {torch.__version__}")
        elif name in ("guide", "tailor"):
            if not arguments.tailor:
                raise SystemExit(f"{name}: expected --tailor PROGRAM")
            fixed = ["--recipe", "guide"] if name == "guide" else []
            result[label or name] = (
                tailor(arguments.tailor, fixed + more, arguments.weights, arguments.threads), None)
        else:
            raise SystemExit(f"{name}: expected {', '.join(methods.METHODS)}, guide or tailor")
    return result


def run(arguments):
    os.environ.setdefault("OMP_NUM_THREADS", str(arguments.threads))
    import torch
    import methods
    import network
    import rows
    import splits
    torch.set_num_threads(arguments.threads)
    network.use(arguments.device)
    chosen, failed = methods_of(arguments), 0
    images = network.Images(arguments.study)
    features = methods.feature_cache(arguments.weights, images)
    todo = [(cell, name) for cell in cells(arguments) for name in chosen]
    for number, ((seed, task, shots), name) in enumerate(todo, 1):
        wanted = tuple(map(str, (task, shots, seed, name)))
        if wanted in {rows.key(row) for row in rows.read(arguments.rows)}:
            continue
        split = splits.read(arguments.study, task, shots, seed)
        job = methods.Job(split, images, arguments.weights, features)
        method, version = chosen[name]
        started = time.perf_counter()
        try:
            result = method(job)
        except Exception:
            failed += 1
            print(f"{' '.join(wanted)}: no result", traceback.format_exc(), sep="\n", file=sys.stderr,
                  flush=True)
            continue
        test = network.figures(result["predicted"], job.labels["test"], job.classes)
        row = dict(
            task=task, shots=shots, seed=seed, method=name, test_macro_f1=f"{test['macro_f1']:.6f}",
            val_macro_f1="" if result["val_macro_f1"] is None else f"{result['val_macro_f1']:.6f}",
            accuracy=f"{test['accuracy']:.6f}", never_predicted=test["never_predicted"],
            diverged=int(result["diverged"]), seconds=f"{time.perf_counter() - started:.1f}",
            train_images=len(job.paths["train"]), val_images=len(job.paths["val"]),
            test_images=len(job.paths["test"]), settings=result["settings"],
            version=result.get("version") or version)
        if arguments.keep:
            keep(arguments.keep, f"{split.name}-{name}", split, result)
        rows.append(arguments.rows, row)
        print(f"{number}/{len(todo)} {task} {shots} seed {seed} {name}: macro-F1 {test['macro_f1']:.3f} "
              f"(val {row['val_macro_f1']}), {row['seconds']} s", flush=True)
    if failed:
        raise SystemExit(f"{failed} runs gave no result; the same command tries them again")


def keep(folder, name, split, result):
    """A run's answers for the test images, and what Tailor recorded of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in result.get("files", {}).items():
        (folder / f"{name}-{file}").write_text(text)
    if "probabilities" in result:
        with open(folder / f"{name}-predictions.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("path", *split.classes))
            for image, row in zip(split.parts["test"], result["probabilities"].tolist()):
                writer.writerow((image.path, *(f"{value:.5f}" for value in row)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    path = pathlib.Path
    one = commands.add_parser("prepare", help="lay out images and splits in STUDY")
    one.add_argument("study", type=path)
    one.add_argument("--folder", action="append", default=[], metavar="[NAME=]FOLDER",
                     help="a further task: a folder of images; may be repeated")
    one.add_argument("--data", type=path, help="folder of the archives (or folders) of the four tasks")
    one.add_argument("--elpv", type=path, default=ROOT / ".deps/elpv")
    one.add_argument("--tailor", type=path, help="program that cuts out the blood cells")
    one.add_argument("--group-by", help="regular expression on the paths of --folder: its first group is the group")
    two = commands.add_parser("run", help="append a row for every task, number of images, seed and method")
    two.add_argument("study", type=path)
    two.add_argument("--methods", default="probe,naive,tutorial,reference", help="[LABEL=]METHOD, …")
    two.add_argument("--weights", type=path, default=WEIGHTS)
    two.add_argument("--tailor", type=path, help="program of the methods guide and tailor")
    two.add_argument("--tailor-args", default="", help="further arguments of tailor train, in one string")
    two.add_argument("--tasks", help="these alone, separated by commas; so --shots and --seeds")
    two.add_argument("--shots")
    two.add_argument("--seeds")
    two.add_argument("--threads", type=int, default=1)
    two.add_argument("--device", choices=["cpu", "cuda"], default="cpu", help="of the methods in PyTorch")
    two.add_argument("--keep", type=path, help="folder for every run's predictions, and the records of Tailor's")
    three = commands.add_parser("report", help="write SuccessRate.md and SuccessRate.svg")
    three.add_argument("--output", type=path, default=ROOT / "Documentation")
    three.add_argument("--best-known", type=path, help="CSV of task,shots,macro_f1 with results from elsewhere")
    three.add_argument("--machine", help="where the rows were measured, in words")
    four = commands.add_parser("budgets", help="write TimeBudget.svg from rows of budget1=tailor and so on")
    four.add_argument("--output", type=path, default=ROOT / "Documentation")
    for command in (two, three, four):
        command.add_argument("--rows", type=path, default=HERE / "rows.csv")
    commands.add_parser("self-test", help="hold the statistics against known values")
    arguments = parser.parse_args()
    if arguments.command == "report":
        import report
        report.write(arguments.rows, arguments.output, arguments.best_known, arguments.machine)
    elif arguments.command == "budgets":
        import budgets
        budgets.write(arguments.rows, arguments.output)
    elif arguments.command == "self-test":
        import self_test
        self_test.main()
    else:
        dict(prepare=prepare, run=run)[arguments.command](arguments)


if __name__ == "__main__":
    main()

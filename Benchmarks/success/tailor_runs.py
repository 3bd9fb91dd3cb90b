"""Runs of Tailor: trained by the program, judged by its predictions of the split's test images.

`tailor predict` answers for all of the images, where `tailor evaluate` leaves out those that it takes for copies of
training images; so every method is judged by the same ones. The user's records of test sets are left alone.
"""
import csv
import hashlib
import io
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

from network import SIZE


class Failed(Exception):
    """The program ended with an error that is no divergence."""


def called(command, folder, environment):
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{shlex.join(map(str, command[:3]))} …: {done.stderr.strip()[-600:]}")
    return done.stdout


def tailor(program, arguments, weights, threads):
    """A method that runs `tailor train DATA --image-size 128 --seed S` with further arguments."""
    program = pathlib.Path(program).resolve()
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    version = f"tailor {version}, SHA-256 {hashlib.sha256(program.read_bytes()).hexdigest()[:12]}"

    def method(job):
        root = job.images.root.resolve()
        work = tempfile.mkdtemp(prefix="tailor-", dir=root)
        environment = dict(os.environ, XDG_STATE_HOME=f"{work}/state", OMP_NUM_THREADS=str(threads))
        machine = ["--threads", str(threads), "--workers", str(threads)]
        try:
            run = f"{work}/run"
            command = [program, "train", f"{job.split.name}.csv", "--image-size", str(SIZE), "--seed",
                       str(job.seed), "--output", run, "--weights", pathlib.Path(weights).resolve(),
                       "--allow-leaks", "--quiet", *machine, *arguments]
            try:
                called(command, root, environment)
            except Failed as error:
                if not re.search(r"diverge|not finite|not a number|\bnan\b", str(error), re.I):
                    raise
                return dict(predicted=[0] * len(job.paths["test"]), val_macro_f1=None, diverged=True,
                            settings=shlex.join(arguments), version=version)
            best = json.loads(pathlib.Path(run, "run.json").read_text())["best"]
            answer = called([program, "predict", run, *job.paths["test"], "--format", "csv", "--quiet", *machine],
                            root, environment)
            given = {row["path"]: row["predicted"] for row in csv.DictReader(io.StringIO(answer))}
            predicted = [job.split.classes.index(given[path]) for path in job.paths["test"]]
            kept = "probe" if best["phase"] == "probe" else f"epoch {best['epoch']}"
            files = {name: pathlib.Path(run, name).read_text() for name in ("run.json", "trials.csv", "metrics.csv")
                     if pathlib.Path(run, name).exists()}
            files["predictions.csv"] = answer
            return dict(predicted=predicted, val_macro_f1=best["validationMacroF1"], diverged=False, files=files,
                        settings="; ".join(filter(None, [shlex.join(arguments), f"kept {kept}"])),
                        version=version)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    return method

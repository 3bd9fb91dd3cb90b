"""Trains briefly with --tensorboard, reads the event files with TensorBoard's own reader, and compares them with the files
of the run: scalars with metrics.csv, hyperparameters with run.json, counts behind the curves with predictions_val.csv.

    verify_tensorboard.py TAILOR FOLDER
"""

import csv
import io
import json
import os
import shutil
import subprocess
import sys

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.plugins.pr_curve import metadata as curves
from tensorboard.util import tensor_util

ok = True


def check(what, holds, got=""):
    global ok
    ok = ok and bool(holds)
    print(f"{'ok  ' if holds else 'FAIL'} tensorboard: {what}{'' if holds else f': {got}'}")


def images(folder):
    """Two classes of noisy stripes; the second is called by a name with a slash's look-alike and a space."""
    for part, count in (("train", 16), ("val", 10)):
        for name, axis in (("across", 0), ("up right", 1)):
            os.makedirs(f"{folder}/{part}/{name}")
            for index in range(count):
                draw = np.random.default_rng([index, axis, len(part)])
                waves = np.sin(np.arange(48) * draw.uniform(0.5, 0.9))[:, None] * np.ones((1, 48))
                pixels = 128 + 60 * (waves if axis == 0 else waves.T) + draw.normal(0, 60, (48, 48))
                Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(f"{folder}/{part}/{name}/{index}.png")


def events(folder):
    reader = EventAccumulator(folder, size_guidance={k: 0 for k in ("scalars", "images", "tensors")})
    reader.Reload()
    return reader


def scalar(reader, tag):
    if tag in reader.Tags()["scalars"]:
        return {e.step: e.value for e in reader.Scalars(tag)}
    return {e.step: float(tensor_util.make_ndarray(e.tensor_proto)) for e in reader.Tensors(tag)}


def main():
    tailor, folder = sys.argv[1:3]
    shutil.rmtree(folder, ignore_errors=True)
    images(f"{folder}/data")
    run = f"{folder}/run"
    subprocess.run(
        [tailor, "train", f"{folder}/data", "--output", run, "--tensorboard", "--quiet", "--epochs", "3", "--image-size",
         "64", "--batch-size", "8", "--weights", "bundled"], check=True, env={**os.environ, "XDG_STATE_HOME": folder})
    record = json.load(open(f"{run}/run.json"))
    rows = list(csv.DictReader(open(f"{run}/metrics.csv")))
    names = sorted(os.listdir(f"{run}/tensorboard"))
    check("a curve each for probe, seed and result", names == ["probe", "result", f"seed-{record['seed']}"], names)
    for name, own in (("probe", [r for r in rows if r["phase"] == "probe"]),
                      (f"seed-{record['seed']}", [r for r in rows if r["seed"]])):
        reader = events(f"{run}/tensorboard/{name}")
        for tag, column in (("train/loss", "train_loss"), ("validation/loss", "val_loss"),
                            ("validation/accuracy", "val_accuracy"), ("validation/macro_f1", "val_macro_f1")):
            wanted = {int(r["step"]): float(r[column]) for r in own}
            got = scalar(reader, tag)
            check(f"{name} {tag}", wanted.keys() == got.keys()
                  and all(abs(wanted[s] - got[s]) < 2e-6 + 1e-6 * abs(wanted[s]) for s in wanted), (wanted, got))
    reader = events(f"{run}/tensorboard/result")
    check("best macro-F1", abs(list(scalar(reader, "best/macro_f1").values())[0] - record["best"]["validationMacroF1"]) < 1e-6)
    start = hparams.parse_session_start_info_plugin_data(
        reader.SummaryMetadata("_hparams_/session_start_info").plugin_data.content)
    plan = record["plan"]
    check("hyperparameters", start.hparams["batch_size"].number_value == plan["batchSize"]
          and start.hparams["optimizer"].string_value == plan["optimizer"]["kind"]
          and abs(start.hparams["lr_head"].number_value - plan["learningRates"]["head"]) < 1e-12, start)
    experiment = hparams.parse_experiment_plugin_data(
        reader.SummaryMetadata("_hparams_/experiment").plugin_data.content)
    check("metrics to compare by", [m.name.tag for m in experiment.metric_infos]
          == ["best/macro_f1", "best/accuracy", "best/loss"], experiment)
    end = hparams.parse_session_end_info_plugin_data(
        reader.SummaryMetadata("_hparams_/session_end_info").plugin_data.content)
    check("session ended", end.status == 1 and end.end_time_secs >= start.start_time_secs > 1.7e9, end)
    pictures = {tag: reader.Images(tag)[0] for tag in reader.Tags()["images"]}
    check("confusion matrix and examples", "confusion_matrix" in pictures and len(pictures) > 4, list(pictures))
    for tag, event in pictures.items():
        size = Image.open(io.BytesIO(event.encoded_image_string)).size
        check(f"picture {tag}", size == (event.width, event.height), size)
    predictions = list(csv.DictReader(open(f"{run}/predictions_val.csv")))
    for name in record["classes"]:
        tag = f"precision_recall/{name}"
        content = reader.SummaryMetadata(tag).plugin_data.content
        tensor = tensor_util.make_ndarray(reader.Tensors(tag)[0].tensor_proto)
        count = curves.parse_plugin_metadata(content).num_thresholds
        column = next(c for c in predictions[0] if c.endswith(name) and c not in ("label", "class"))
        scores = np.array([float(p[column]) for p in predictions])
        truth = np.array([p[list(p)[1]] == name for p in predictions])
        wanted = []
        for threshold in np.linspace(0, 1, count):
            # The file's probabilities have six digits: not at a threshold's edge.
            found = scores >= threshold
            wanted.append(((found & truth).sum(), (found & ~truth).sum(), (~found & ~truth).sum(), (~found & truth).sum()))
        wanted = np.array(wanted).T
        check(f"{tag}: counts", tensor.shape == (6, count) and np.abs(tensor[:4] - wanted).sum() <= 4, tensor[:4] - wanted)
        check(f"{tag}: ratios", np.allclose(tensor[5], tensor[0] / truth.sum()) and np.allclose(
            tensor[4], tensor[0] / np.maximum(tensor[0] + tensor[1], 1)))
    return 0 if ok else 1


sys.exit(main())

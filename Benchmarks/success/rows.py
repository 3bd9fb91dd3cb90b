"""The study's raw rows: one CSV, a row a run, appended whole or not at all."""
import csv
import fcntl
import io
import os

COLUMNS = ("task", "shots", "seed", "method", "test_macro_f1", "val_macro_f1", "accuracy", "never_predicted",
           "diverged", "seconds", "train_images", "val_images", "test_images", "settings", "version")
KEY = ("task", "shots", "seed", "method")


def read(path):
    """Rows as dictionaries with numbers; a last line without its end is no row."""
    if not os.path.exists(path):
        return []
    text = open(path, newline="").read()
    rows = []
    for row in csv.DictReader(io.StringIO(text[:text.rfind("\n") + 1])):
        for name in ("shots", "seed", "never_predicted", "diverged", "train_images", "val_images", "test_images"):
            row[name] = int(row[name])
        for name in ("test_macro_f1", "val_macro_f1", "accuracy", "seconds"):
            row[name] = float(row[name]) if row[name] else None
        rows.append(row)
    return rows


def key(row):
    return tuple(str(row[name]) for name in KEY)


def append(path, row):
    """Adds a row unless its run is there already; several processes may append to one file."""
    with open(path, "a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        if not content.endswith(b"\n") and content:  # what a killed process left
            file.truncate(content.rfind(b"\n") + 1)
        if key(row) in {key(other) for other in read(path)}:
            return
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        if not content:
            writer.writeheader()
        writer.writerow(row)
        os.write(file.fileno(), text.getvalue().encode())
        os.fsync(file.fileno())

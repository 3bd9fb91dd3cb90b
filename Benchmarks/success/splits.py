"""Training, validation and test images of a task at a number of images a class ("shots") and a seed.

The seed draws the training subset and the validation set; every method gets the same ones. Validation comes from
other groups than training, of the size that a person with so few images would spare: a fifth of the shots,
at least ten a class. The images of 20 shots are among those of 50.
"""
import collections
import csv
import dataclasses
import math
import os

from tasks import groups_by_class, order

SHOTS = (20, 50, 100)
SEEDS = (1, 2, 3, 4, 5)
VALIDATION_SHARE = 0.2  # of the pool's groups


@dataclasses.dataclass(frozen=True)
class Split:
    task: str
    shots: int
    seed: int
    classes: tuple
    parts: dict  # {"train" | "val" | "test": [Image]}

    @property
    def name(self):
        return f"{self.task}-{self.shots}-{self.seed}"

    def labels(self, part):
        return [self.classes.index(image.label) for image in self.parts[part]]


def validation_images(shots):
    return max(10, shots // 5)


def pooled(task, images, seed):
    """The pool's images for training and for validation, in the order in which the seed takes them."""
    pool = [image for image in images if image.place == "pool"]
    held = set()
    for groups in groups_by_class(pool).values():
        names = sorted(groups, key=lambda group: order("success val", task, seed, group))
        # One group alone trains: a class that is only validated could not be learned.
        if len(names) > 1:
            held.update(names[:max(1, round(VALIDATION_SHARE * len(names)))])
    shuffled = sorted(pool, key=lambda image: order("success draw", task, seed, image.path))
    return ([image for image in shuffled if image.group not in held],
            [image for image in shuffled if image.group in held])


def first_of_each(images, count):
    taken, counts = [], collections.Counter()
    for image in images:
        if counts[image.label] < count:
            taken.append(image)
            counts[image.label] += 1
    return sorted(taken, key=lambda image: (image.label, image.path))


def offered(task, images, shots):
    """Whether at least half of the classes have nine tenths of these training images under every seed's draw.
    A class with fewer gives what it has."""
    classes = {image.label for image in images}
    full = math.inf
    for seed in SEEDS:
        counts = collections.Counter(image.label for image in pooled(task, images, seed)[0])
        full = min(full, sum(counts[label] >= 0.9 * shots for label in classes))
    return 2 * full >= len(classes)


def split(task, images, shots, seed):
    train, val = pooled(task, images, seed)
    test = sorted((i for i in images if i.place == "test"), key=lambda i: (i.label, i.path))
    result = Split(task, shots, seed, tuple(sorted({image.label for image in images})), {
        "train": first_of_each(train, shots), "val": first_of_each(val, validation_images(shots)), "test": test})
    for part, members in result.parts.items():
        missing = set(result.classes) - {image.label for image in members}
        if missing:
            raise SystemExit(f"{result.name}: no {part} image of {', '.join(sorted(missing))}")
    groups = {part: {image.group for image in members} for part, members in result.parts.items()}
    assert not (groups["train"] & groups["val"]) and not (groups["val"] & groups["test"]), result.name
    assert not groups["train"] & groups["test"], result.name
    return result


def write(root, split):
    """The split as a CSV in the study's folder, which `tailor train` reads, too."""
    path = root / f"{split.name}.csv"
    partial = path.with_suffix(".partial")
    with open(partial, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("split", "path", "class", "group"))
        for part, members in split.parts.items():
            writer.writerows((part, image.path, image.label, image.group) for image in members)
    os.replace(partial, path)
    return path


def write_tasks(root, tasks):
    with open(root / "tasks.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("task", "place", "path", "class", "group"))
        for task, images in tasks.items():
            writer.writerows((task, i.place, i.path, i.label, i.group) for i in images)


def read(root, task, shots, seed):
    from tasks import Image
    parts = {"train": [], "val": [], "test": []}
    with open(root / f"{task}-{shots}-{seed}.csv", newline="") as file:
        for row in csv.DictReader(file):
            parts[row["split"]].append(Image(row["path"], row["class"], row["group"]))
    return Split(task, shots, seed, tuple(sorted({i.label for i in parts["train"]})), parts)

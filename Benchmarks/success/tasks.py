"""The tasks of the study: images with a class, a group, and a place (`pool` to train from, or `test`).

A group is what must not lie on both sides of a split: a person, a tile, a photograph. Where nothing is known,
each image is its own. Test sets are fixed here, whatever the seed; no choice ever looks at them.
"""
import collections
import csv
import dataclasses
import hashlib
import os
import re
import subprocess
import tarfile

IMAGES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
TEST_SHARE = 0.3
# More test images of one class say little more and cost as much as training.
TEST_IMAGES_A_CLASS = 500
# Numbers of photographs that lie closer are taken for the same tile: its six exposures are 10 to 60 apart.
TILE_GAP = 150


@dataclasses.dataclass(frozen=True)
class Image:
    path: str  # from the study's folder
    label: str
    group: str
    place: str = "pool"


def order(*parts):
    """A key that shuffles: the same on every machine and under every version of Python."""
    return hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()


def files_of(folder):
    """Images of a folder of class folders: (path, class), in the order of their names."""
    return [(path, path.relative_to(folder).parts[0]) for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in IMAGES and path.is_file() and not path.name.startswith(".")]


def groups_by_class(images):
    """{class: {group: [images]}}, a group with the rarest class in it: so rare classes are dealt out evenly."""
    counts = collections.Counter(image.label for image in images)
    groups = collections.defaultdict(list)
    for image in images:
        groups[image.group].append(image)
    result = collections.defaultdict(dict)
    for group, members in groups.items():
        rarest = min({image.label for image in members}, key=lambda label: (counts[label], label))
        result[rarest][group] = members
    return result


def cut_off_test(task, images):
    """Places for images that have none: 30 % of the groups of each class become the test set."""
    tested = set()
    for label, groups in groups_by_class(images).items():
        names = sorted(groups, key=lambda group: order("success test", task, group))
        tested.update(names[:max(1, round(TEST_SHARE * len(names)))])
    return [dataclasses.replace(image, place="test" if image.group in tested else "pool") for image in images]


def bounded_test(task, images):
    """At most `TEST_IMAGES_A_CLASS` test images of a class."""
    kept, counts = set(), collections.Counter()
    for image in sorted(images, key=lambda image: order("success bound", task, image.path)):
        if image.place != "test" or counts[image.label] < TEST_IMAGES_A_CLASS:
            kept.add(image.path)
            counts[image.label] += image.place == "test"
    return [image for image in images if image.path in kept]


def numbered(path):
    return int(re.findall(r"\d+", path.stem)[-1])


def tiles(files):
    """Groups of magnetic tiles: photographs with close numbers, over all classes."""
    groups, previous = {}, None
    for path, _ in sorted(files, key=lambda file: numbered(file[0])):
        if previous is None or numbered(path) - previous > TILE_GAP:
            first = numbered(path)
        previous = numbered(path)
        groups[path] = f"tile{first}"
    return groups


def people(files):
    """Groups of hands: each person shows 0 to 9 in a row, so the next begins where the digit falls by half."""
    groups, previous, person = {}, None, 0
    for path, label in sorted(files, key=lambda file: numbered(file[0])):
        if previous is not None and previous - int(label) >= 5:
            person += 1
        previous = int(label)
        groups[path] = f"person{person:03}"
    return groups


def folder_task(root, folder, group_by=None):
    """Images of train/ val/ test/ with class folders, or of class folders alone. Without test/, val/ is the test
    set; without either, none has been cut off yet."""
    splits = {entry.name.lower(): entry for entry in folder.iterdir() if entry.is_dir()}
    places = {"pool": [folder]}
    if "train" in splits:
        rest = [splits[name] for name in ("val", "valid", "validation") if name in splits]
        places = {"pool": [splits["train"]], "test": rest}
        if "test" in splits:
            places = {"pool": [splits["train"], *rest], "test": [splits["test"]]}
    images = []
    for place, folders in places.items():
        for part in folders:
            for path, label in files_of(part):
                name = os.path.relpath(path, root)
                match = re.search(group_by, name) if group_by else None
                images.append(Image(name, label, match[match.re.groups and 1] if match else name, place))
    return images, "test" in places and any(image.place == "test" for image in images)


def unpacked(data, root, name, tar):
    """Folder `name` of the data folder, or of its archive unpacked below `root`."""
    if (data / name).is_dir():
        link = root / "images" / name
        if not link.exists():
            link.symlink_to((data / name).resolve())
        return link
    if not (root / "images" / name).is_dir():
        if not (data / tar).is_file():
            return None
        with tarfile.open(data / tar) as archive:
            archive.extractall(root / "images", filter="data")
    return root / "images" / name


def cells(root, source, tailor):
    """Crops of blood cells, cut by `tailor split --annotations`; the photograph is the group."""
    crops = root / "images" / "bccd_cells"
    if not (crops / "split.csv").is_file():
        subprocess.run(
            [tailor, "split", source / "JPEGImages", crops, "--annotations", source / "Annotations",
             "--no-near-duplicates", "--skip-problems", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    with open(crops / "split.csv", newline="") as file:
        return [Image(os.path.relpath(crops / row["file"], root), row["class"], row["path"])
                for row in csv.DictReader(file)]


def collect(root, data, elpv, tailor, folders, group_by):
    """All tasks that can be had: {name: images}; what is missing is said and left out."""
    (root / "images").mkdir(parents=True, exist_ok=True)
    tasks = {}

    def add(name, images, has_test):
        tasks[name] = bounded_test(name, images if has_test else cut_off_test(name, images))

    for name, tar in (("hymenoptera", "hymenoptera_data"), ("magnetic_tiles", "magnetic_tiles"),
                      ("sign_digits", "sign_digits"), ("bccd_cells", "bccd")):
        source = data and unpacked(data, root, tar, f"{tar}.tar")
        if not source:
            print(f"{name}: not in {data}, left out")
        elif name == "bccd_cells":
            if tailor:
                add(name, cells(root, source, tailor), False)
            else:
                print(f"{name}: --tailor is needed to cut the cells, left out")
        else:
            images, has_test = folder_task(root, source)
            grouping = {"magnetic_tiles": tiles, "sign_digits": people}.get(name)
            if grouping:
                files = files_of(source)
                groups = {os.path.relpath(path, root): group for path, group in grouping(files).items()}
                images = [dataclasses.replace(image, group=groups[image.path]) for image in images]
            add(name, images, has_test)
    if elpv and elpv.is_dir():
        folders = {"elpv": elpv, **folders}
    else:
        print(f"elpv: not in {elpv}, left out; Scripts/fetch_elpv.sh fetches it")
    for name, folder in folders.items():
        link = root / "images" / name
        if not link.exists():
            link.symlink_to(folder.resolve())
        add(name, *folder_task(root, link, group_by if name != "elpv" else None))
    return tasks


"""What `tailor check` finds among small images of planted versions, and what it reports where nothing was planted.

    python small_images.py TAILOR PHOTOGRAPHS [--sizes 32,48,64] [--count 40] [--flags "--weights bundled"]
    python small_images.py --make FOLDER PHOTOGRAPHS --total 60000 [--sizes 32]

PHOTOGRAPHS is a folder with pictures of any size. Small ones are cut out of them, from places of one grid,
and shrunk; versions of training images (shifted, recoloured, recompressed, brightened, mirrored) are planted into
val. Every pair that is named and was not planted is a false alarm. Prints tables. --make only writes small pictures,
with no version among them, for timing.
"""
import argparse
import collections
import io
import random
import tempfile
from pathlib import Path

import numpy
from PIL import Image, ImageEnhance, ImageOps

from checking import check, pairs

ERRORS = ("identical-across-splits", "near-duplicate-across-splits", "near-duplicate-across-classes",
          "identical-across-classes", "identical-within-split", "near-duplicate-within-split",
          "parts-within-split")
HINTS = ("same-subject-across-splits", "same-subject-across-classes", "lookalikes-across-splits")
#: Pixels around a small image from which shifted versions take what comes into view.
MARGIN = 4


def cutouts(photographs, size, total, rng):
    """Small pictures with a margin: the squares of photographs in grids of several sizes, shrunk."""
    paths = sorted(p for p in photographs.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    made = 0
    # Each grid at least half as fine again as the one before, so that no cell is nearly one of another grid.
    for grid in (1, 2, 3, 5, 8):
        rng.shuffle(paths)
        for path in paths:
            image = Image.open(path).convert("RGB")
            side = min(image.size) // grid
            if side < size + 2 * MARGIN:
                continue
            for row in range(image.height // side):
                for column in range(image.width // side):
                    window = image.crop((column * side, row * side, (column + 1) * side, (row + 1) * side))
                    window = window.resize((size + 2 * MARGIN,) * 2, Image.Resampling.BILINEAR)
                    if numpy.asarray(window.convert("L")).std() < 8:
                        continue
                    yield window
                    made += 1
                    if made == total:
                        return


def shown(window, right=0, down=0):
    left, top = MARGIN + right, MARGIN + down
    return window.crop((left, top, left + window.width - 2 * MARGIN, top + window.height - 2 * MARGIN))


def recompressed(image, quality):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def shifted(pixels):
    def change(window, rng):
        return shown(window, *rng.choice([(pixels, 0), (-pixels, 0), (0, pixels), (pixels, -pixels)]))
    return change


def gains(window, rng):
    factors = numpy.array([rng.uniform(0.75, 1.3) for _ in range(3)])
    return Image.fromarray(numpy.clip(numpy.asarray(shown(window)) * factors, 0, 255).astype(numpy.uint8))


def hue(window, rng):
    values = numpy.array(shown(window).convert("HSV"))
    values[..., 0] += numpy.uint8(rng.randint(20, 235))
    return Image.fromarray(values, "HSV").convert("RGB")


VERSIONS = {
    "shifted by 1 pixel": shifted(1),
    "shifted by 2 pixels": shifted(2),
    "shifted by 4 pixels": shifted(4),
    "each channel × 0.75 to 1.3": gains,
    "another hue": hue,
    "JPEG quality 75": lambda w, r: recompressed(shown(w), 75),
    "JPEG quality 50": lambda w, r: recompressed(shown(w), 50),
    "brightness × 1.3": lambda w, r: ImageEnhance.Brightness(shown(w)).enhance(1.3),
    "mirrored": lambda w, r: ImageOps.mirror(shown(w)),
    "shifted by 2, brighter, JPEG 75": lambda w, r: recompressed(
        ImageEnhance.Brightness(shifted(2)(w, r)).enhance(1.15), 75),
}


def write(folder, windows):
    for index, window in enumerate(windows):
        path = folder / ("val" if index % 10 >= 8 else "train") / f"class{index % 2}" / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        shown(window).save(path, compress_level=1)
        yield path, window


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, nargs="?")
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--make", type=Path)
    parser.add_argument("--sizes", default="32,48,64")
    parser.add_argument("--total", type=int, default=3000, help="small pictures of each size")
    parser.add_argument("--count", type=int, default=40, help="versions of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flags", default="--weights bundled")
    parser.add_argument("--show", action="store_true", help="name the false alarms")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    if arguments.make:
        rng = random.Random(arguments.seed)
        made = sum(1 for _ in write(arguments.make, cutouts(arguments.photographs, sizes[0], arguments.total, rng)))
        print(f"{made} pictures of {sizes[0]} pixels")
        return
    columns = collections.defaultdict(list)
    for size in sizes:
        rng = random.Random(arguments.seed)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "data"
            made = list(write(folder, cutouts(arguments.photographs, size, arguments.total, rng)))
            clean, seconds = check(arguments.program, folder, arguments.flags.split())
            before = pairs(clean, ERRORS)
            train = [(path, window) for path, window in made if path.parts[-3] == "train"]
            rng.shuffle(train)
            planted = collections.defaultdict(list)
            for number, (name, change) in enumerate(VERSIONS.items()):
                for index in range(arguments.count):
                    source, window = train[number * arguments.count + index]
                    target = folder / "val" / source.parent.name / f"planted-{number}-{index}.png"
                    change(window, rng).save(target)
                    planted[name].append(frozenset(str(p.relative_to(folder)) for p in (source, target)))
            report, _ = check(arguments.program, folder, arguments.flags.split())
            found = pairs(report, ERRORS)
            everything = {pair for some in planted.values() for pair in some}
            for name, some in planted.items():
                columns[name].append(f"{sum(pair in found for pair in some)} of {len(some)}")
            columns["pictures, none planted"].append(f"{len(made)}")
            columns["false alarms, pairs"].append(f"{len(before)}")
            columns["hints among them"].append(f"{len(pairs(clean, HINTS))}")
            columns["false alarms beside the planted"].append(f"{len(found - everything - before)}")
            columns["seconds, none planted"].append(f"{seconds:.0f}")
            if arguments.show:
                for pair in sorted(map(sorted, (found | before) - everything))[:20]:
                    print("  false", *pair)
    print("| planted in val, from train | " + " | ".join(f"{size} pixels" for size in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for name, cells in columns.items():
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()

"""What `tailor check` takes for crops among textures that match themselves anywhere.

    python textures.py TAILOR [--count 200] [--seed 1] [--kinds stripes,discs] [--flags "--weights bundled"]
    python textures.py --make FOLDER

Makes pictures of stripes, discs on plain ground, brushed metal and woven cloth, no two of one thing, 200 to 640 pixels
wide, as JPEG; then plants real crops of a tenth of them into val, as a person would: 5 to 15 % cut off, a little
brighter, saved once more. Looks at each kind by itself and at all in one folder, without and with crops: whatever is
named among pictures of which none is a copy is a false error (or a hint); a crop that is not named is missed.
Prints a table. --make only writes the pictures, with the crops.
"""
import argparse
import tempfile
from pathlib import Path

import numpy
from PIL import Image

from checking import check, pairs

ERRORS = ("near-duplicate-across-splits", "near-duplicate-across-classes", "near-duplicate-within-split",
          "parts-within-split")


def plane(rng, width, height, angle):
    """Distance of each pixel along a direction."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    return x * numpy.cos(angle) + y * numpy.sin(angle)


def smooth(rng, width, height, size):
    """A slowly changing field, about -1 to 1."""
    small = rng.normal(size=(max(2, height // size), max(2, width // size))).astype(numpy.float32)
    return numpy.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def direction(rng):
    """Half of all things lie straight before the camera."""
    return rng.choice([0, numpy.pi / 2]) if rng.random() < 0.5 else rng.uniform(0, numpy.pi)


def stripes(rng, width, height):
    period = rng.uniform(8, width / 5)
    wave = numpy.sin(2 * numpy.pi * plane(rng, width, height, direction(rng)) / period + rng.uniform(0, 6.3))
    sharp = rng.uniform(1, 12)
    return rng.uniform(70, 180) + rng.uniform(20, 60) * numpy.clip(wave * sharp, -1, 1)


def discs(rng, width, height):
    side = min(width, height)
    y, x = numpy.mgrid[0:height, 0:width]
    # Where a machine puts them: in the middle, more or less.
    radius = rng.uniform(0.15, 0.38) * side
    left, top = width / 2 + rng.normal() * 0.03 * side, height / 2 + rng.normal() * 0.03 * side
    edge = numpy.clip((radius - numpy.hypot(x - left, y - top)) / rng.uniform(1, 4), -1, 1)
    return rng.uniform(90, 160) + rng.choice([-1, 1]) * rng.uniform(25, 70) * edge


def metal(rng, width, height):
    """Scratches along one direction, each as long as the picture or nearly."""
    along = direction(rng)
    across = plane(rng, width, height, along + numpy.pi / 2)
    along = plane(rng, width, height, along)
    length = rng.uniform(0.5, 3) * width
    lines = rng.normal(size=(8, 4096))
    rows = (across - across.min()).astype(int) % 4096
    columns = (along - along.min()) / length
    low = columns.astype(int)
    share = columns - low
    scratches = lines[low % 8, rows] * (1 - share) + lines[(low + 1) % 8, rows] * share
    return rng.uniform(100, 170) + rng.uniform(8, 20) * scratches + 15 * smooth(rng, width, height, 200)


def cloth(rng, width, height):
    """Threads over and under each other; their thickness wanders a little."""
    angle = direction(rng)
    period = rng.uniform(6, 24)
    warp = plane(rng, width, height, angle) + 0.06 * period * smooth(rng, width, height, 24)
    weft = plane(rng, width, height, angle + numpy.pi / 2) + 0.06 * period * smooth(rng, width, height, 24)
    warp, weft = 2 * numpy.pi * warp / period, 2 * numpy.pi * weft / period
    over = numpy.sin(warp / 2) * numpy.sin(weft / 2) > 0
    return rng.uniform(80, 170) + rng.uniform(15, 40) * numpy.where(over, numpy.cos(warp), numpy.cos(weft))


KINDS = {"stripes": stripes, "discs": discs, "metal": metal, "cloth": cloth}


def picture(kind, seed):
    rng = numpy.random.default_rng(seed)
    width = int(rng.integers(200, 641))
    height = int(width * rng.uniform(0.7, 1)) if rng.random() < 0.5 else width
    grey = KINDS[kind](rng, width, height) + rng.uniform(0, 12) * smooth(rng, width, height, 160)
    tint = 1 + rng.uniform(-0.08, 0.08, size=3)
    # A sensor's noise: two to five grey levels.
    noise = rng.uniform(2, 5) * rng.normal(size=(height, width, 1)) + rng.normal(size=(height, width, 3))
    return Image.fromarray(numpy.clip(grey[..., None] * tint + noise, 0, 255).astype(numpy.uint8))


def crop(image, seed):
    rng = numpy.random.default_rng(seed)
    share = rng.uniform(0.05, 0.15)
    dx, dy = round(image.width * share), round(image.height * share)
    left, top = int(rng.integers(0, dx + 1)), int(rng.integers(0, dy + 1))
    part = image.crop((left, top, left + image.width - dx, top + image.height - dy))
    return part.point(lambda value: min(255, round(value * 1.06 + 2)))


def write(folder, kinds, count, seed):
    """Class folders of `count` pictures a kind (one kind: two classes of one look)."""
    made = []
    for kind in kinds:
        for index in range(count):
            name = kind if len(kinds) > 1 else f"{kind}-{'ab'[index % 2]}"
            path = folder / ("val" if index % 10 >= 7 else "train") / name / f"{index}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            picture(kind, [seed, list(KINDS).index(kind), index]).save(path, quality=92)
            made.append(path)
    return made


def plant(folder, made, seed):
    """Crops of a tenth of the pictures, of training images into val; pairs of paths by kind."""
    planted = []
    for number, source in enumerate(path for path in made if path.parts[-3] == "train" and path.stem[-1] == "3"):
        target = folder / "val" / source.parent.name / f"part-{source.stem}.jpg"
        crop(Image.open(source), [seed, 99, number]).save(target, quality=90)
        planted.append(frozenset((str(source.relative_to(folder)), str(target.relative_to(folder)))))
    return planted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path, nargs="?")
    parser.add_argument("--make", type=Path)
    parser.add_argument("--count", type=int, default=200, help="pictures of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--flags", default="--weights bundled")
    parser.add_argument("--show", action="store_true", help="name what is false and what is missed")
    arguments = parser.parse_args()
    kinds, flags = arguments.kinds.split(","), arguments.flags.split()
    if arguments.make:
        plant(arguments.make, write(arguments.make, kinds, arguments.count, arguments.seed), arguments.seed)
        return
    print("| pictures | false errors | false hints | crops found | false errors beside them | seconds |")
    print("|---|---|---|---|---|---|")
    for some in [[kind] for kind in kinds] + ([kinds] if len(kinds) > 1 else []):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "data"
            made = write(folder, some, arguments.count, arguments.seed)
            clean, _ = check(arguments.program, folder, flags)
            hints = pairs(clean, ("same-subject-across-splits", "same-subject-across-classes"))
            planted = plant(folder, made, arguments.seed)
            report, seconds = check(arguments.program, folder, flags)
            found = pairs(report, ERRORS)
            false = found - set(planted)
            print(f"| {', '.join(some)}, {len(made)} | {len(pairs(clean, ERRORS))} | {len(hints)} | "
                  f"{sum(pair in found for pair in planted)} of {len(planted)} | {len(false)} | {seconds:.0f} |",
                  flush=True)
            if arguments.show:
                for word, some in [("false", false), ("missed", set(planted) - found)]:
                    for pair in sorted(map(sorted, some))[:12]:
                        print("  ", word, *pair)


if __name__ == "__main__":
    main()

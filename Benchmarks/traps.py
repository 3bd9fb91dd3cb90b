"""What `tailor check` finds of planted traps, and what it reports where nothing was planted.

    python traps.py TAILOR DATA [--seed 1] [--count 40] [--flags "--weights bundled"]

DATA is a folder with train/, val/ and perhaps test/. It is copied (as links); copies, versions and wrong labels
are planted; the program looks; every planted trap is found or missed, and every other image that the same kind
of finding names is a false alarm (unless the untouched data has it too). Prints a table.
"""
import argparse
import collections
import io
import json
import random
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

LEAKS = ("identical-across-splits", "near-duplicate-across-splits", "identical-across-classes",
         "near-duplicate-across-classes", "identical-within-split", "near-duplicate-within-split",
         "parts-within-split")


def reencoded(quality):
    def change(image, rng):
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=quality)
        return Image.open(io.BytesIO(buffer.getvalue()))
    return change


def cropped(share):
    def change(image, rng):
        dx, dy = round(image.width * share), round(image.height * share)
        left, top = rng.randint(0, dx), rng.randint(0, dy)
        return image.crop((left, top, left + image.width - dx, top + image.height - dy))
    return change


def resized(change, side, quality):
    """Changed, then brought to a short side in pixels and saved as JPEG, as web sites do."""
    def both(image, rng):
        part = change(image, rng)
        scale = side / min(part.size)
        part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.BICUBIC)
        return reencoded(quality)(part, rng)
    return both


VERSIONS = {
    "JPEG quality 90": reencoded(90),
    "JPEG quality 60": reencoded(60),
    "half the size": lambda i, r: i.resize((max(i.width // 2, 1), max(i.height // 2, 1)), Image.Resampling.BILINEAR),
    "brightness × 1.15": lambda i, r: ImageEnhance.Brightness(i).enhance(1.15),
    "brightness × 0.7": lambda i, r: ImageEnhance.Brightness(i).enhance(0.7),
    "contrast × 1.2": lambda i, r: ImageEnhance.Contrast(i).enhance(1.2),
    "mirrored": lambda i, r: ImageOps.mirror(i),
    "turned by 90°": lambda i, r: i.transpose(Image.Transpose.ROTATE_90),
    "cropped by 5 %": cropped(0.05),
    "cropped by 10 %": cropped(0.10),
    "cropped by 15 %": cropped(0.15),
    "cropped by 10 %, 256 pixels, JPEG 80": resized(cropped(0.10), 256, 80),
}


def linked(data, folder):
    for source in data.rglob("*"):
        if source.is_file():
            target = folder / source.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source.resolve())
    return folder


def check(program, data, flags):
    done = subprocess.run([program, "check", data, "--json", "--quiet", "--no-cache", *flags],
                          capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    return json.loads(done.stdout)


def clusters(report, codes):
    return {frozenset(item["paths"]) for f in report["findings"] if f["code"] in codes for item in f["items"]}


def pairs(found):
    return {frozenset((a, b)) for cluster in found for a in cluster for b in cluster if a < b}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=40, help="copies of each kind")
    parser.add_argument("--flip", type=float, default=0.03, help="share of training labels changed")
    parser.add_argument("--flags", default="--weights bundled")
    arguments = parser.parse_args()
    flags, rng = arguments.flags.split(), random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as temporary:
        clean = check(arguments.program, linked(arguments.data, Path(temporary) / "clean"), flags)
        print(f"{clean['imageCount']} images; untouched: {len(clusters(clean, LEAKS))} clusters of copies, "
              f"{sum(len(f['items']) for f in clean['findings'] if f['code'] == 'doubtful-labels')} doubtful labels\n")
        before = pairs(clusters(clean, LEAKS))

        folder = linked(arguments.data, Path(temporary) / "copies")
        images = sorted(p for p in folder.rglob("*") if p.is_file() and p.parts[len(folder.parts)] == "train")
        images = [p for p in images if p.suffix.lower() in (".png", ".jpg", ".jpeg")]
        rng.shuffle(images)
        planted = collections.defaultdict(list)
        for number, name in enumerate(["same file", *VERSIONS]):
            for index in range(arguments.count):
                source = images[(number * arguments.count + index) % len(images)]
                target = folder / "val" / source.parent.name / f"planted-{number}-{index}{source.suffix}"
                if name == "same file":
                    target.symlink_to(source.resolve())
                else:
                    image = Image.open(source)
                    changed = VERSIONS[name](image.convert("RGB" if image.mode not in ("L", "RGB") else image.mode), rng)
                    changed.save(target, quality=95)
                planted[name].append(frozenset((str(source.relative_to(folder)), str(target.relative_to(folder)))))
        found = pairs(clusters(check(arguments.program, folder, flags), LEAKS))
        everything = {pair for some in planted.values() for pair in some}
        # Two versions of one picture are copies of each other, too.
        origin = {}
        for pair in everything:
            source, target = sorted(pair, key=lambda path: "planted-" in path)
            origin[target] = source
        related = lambda pair: len({origin.get(path, path) for path in pair}) == 1
        false = [pair for pair in found - before if not related(pair)]
        print("| planted in val, from train | found | missed |\n|---|---|---|")
        for name, some in planted.items():
            hits = sum(pair in found for pair in some)
            print(f"| {name} | {hits} | {len(some) - hits} |")
        print(f"\nFalse alarms: {len(false)} pairs of {len(found)}")
        for pair in false[:10]:
            print("  ", *sorted(pair))

        folder = linked(arguments.data, Path(temporary) / "flips")
        classes = sorted(p.name for p in (folder / "train").iterdir())
        flipped = set()
        for source in sorted((folder / "train").rglob("*")):
            if source.is_file() and rng.random() < arguments.flip:
                other = rng.choice([c for c in classes if c != source.parent.name])
                target = folder / "train" / other / ("moved-" + source.name)
                source.rename(target)
                flipped.add(str(target.relative_to(folder)))
        report = check(arguments.program, folder, flags)
        suspects = [item["paths"][0] for f in report["findings"] if f["code"] == "doubtful-labels" for item in f["items"]]
        rank = len(flipped)
        print(f"\n{rank} labels changed in train: {sum(s in flipped for s in suspects)} among {len(suspects)} doubtful "
              f"ones, {sum(s in flipped for s in suspects[:rank])} among the first {rank} "
              f"(by chance: {rank * rank / report['imageCount']:.1f})")


if __name__ == "__main__":
    main()

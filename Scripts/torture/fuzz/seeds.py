#!/usr/bin/env python3
"""Writes the seeds that are not text into a folder a target: parts of the golden files of the tests.

Usage: seeds.py FOLDER, from anywhere; the standard library is enough.
"""

import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "Tests"
LARGEST = 16 << 10


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])

    def write(target: str, name: str, data: bytes) -> None:
        if len(data) <= LARGEST:
            folder = out / target
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    for image in sorted((TESTS / "TailorImagesTests/Golden").iterdir()):
        if image.suffix in {".rgb", ".f32", ".json"}:
            continue
        write("images", image.name, image.read_bytes())
        if image.suffix in {".bmp", ".ppm", ".pgm", ".pbm", ".tif"}:
            write("bitmaps", image.name, image.read_bytes())
    write("bitmaps", "xmp", b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>')
    write("bitmaps", "exif", b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    write("bitmaps", "bigtiff", b"II+\0\x08\0\0\0\x10" + bytes(7) + b"\x01" + bytes(7)
          + b"\x12\x01\x03\0\x01" + bytes(7) + b"\x06" + bytes(15))

    checkpoints = TESTS / "TailorCheckpointsTests/Golden"
    for file in sorted(checkpoints.glob("*.safetensors")):
        data = file.read_bytes()
        length = int.from_bytes(data[:8], "little")
        write("safetensors", file.name, data)
        write("safetensors-header", file.name, data[8 : 8 + length])
    for file in sorted(checkpoints.glob("*.pth")):
        write("pth", file.name, file.read_bytes())
        if not zipfile.is_zipfile(file):
            continue
        write("zip", file.name, file.read_bytes())
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith("/data.pkl"):
                    write("pickle", file.name, archive.read(name))
                    write("pickle-in-zip", file.name, archive.read(name))

    for file in [*sorted((TESTS / "TailorModelFileTests/Golden").glob("*.onnx")),
                 TESTS / "InferenceProductTests/Golden/colors.onnx"]:
        data = file.read_bytes()
        write("onnx", file.name, data)
        for number, value in fields(data):
            if number == 7:
                write("onnx-graph", file.name, value)
            if number == 14 and dict(fields(value)).get(1) == b"tailor":
                write("description", file.name, dict(fields(value))[2])
    shutil.copytree(Path(__file__).parent / "seeds", out, dirs_exist_ok=True)


def fields(message: bytes) -> list[tuple[int, bytes]]:
    """Fields of a Protocol Buffers message that have a length."""
    found, place = [], 0

    def varint() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(message):
        tag = varint()
        if tag & 7 == 2:
            length = varint()
            found.append((tag >> 3, message[place : place + length]))
            place += length
        elif tag & 7 == 0:
            varint()
        else:
            place += 8 if tag & 7 == 1 else 4
    return found


main()

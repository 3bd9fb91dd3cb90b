#!/usr/bin/env python3
"""Makes the golden files of TailorImagesTests: images of every kind with their pixels as Pillow reads
them, and what Pillow and torchvision make of one picture (sizes, colours, angles, tensors).

Made with Python 3.11, Pillow 13.0.0 (libjpeg-turbo 3.2.0), torch 2.13.0, torchvision 0.28.0,
numpy 2; seed 20240601.

usage: python3 Scripts/golden/images.py [OUTDIR]

OUTDIR/manifest.json lists every case; NAME.rgb holds interleaved 8-bit RGB without a header, NAME.f32
little-endian floats in [height, width, 3].
"""
import io
import json
import pathlib
import struct
import sys
import zlib

import numpy as np
import torch
from PIL import Image, ImageOps, features

library = torch.library.Library("torchvision", "DEF")  # absent beside a CPU libtorch; not used here
for operator in ("nms(Tensor dets, Tensor scores, float t) -> Tensor",
                 "qnms(Tensor dets, Tensor scores, float t) -> Tensor"):
    try:
        library.define(operator)
    except RuntimeError:
        pass
from torchvision import transforms
from torchvision.transforms import functional as F
from torchvision.transforms import InterpolationMode

here = pathlib.Path(__file__).resolve().parents[2]
out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else here / "Tests/TailorImagesTests/Golden")
out.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(20240601)
manifest = {"decode": [], "resize": [], "color": [], "rotate": [], "preprocess": [], "refuse": []}


def picture(width, height):
    """Smooth colours with some noise and an edge: neither flat nor random."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    channels = [
        127 + 120 * np.sin(x / width * 5 + 1) * np.cos(y / height * 3),
        255 * x / max(1, width - 1),
        127 + 100 * np.cos((x + 2 * y) / (width + height) * 9),
    ]
    array = np.stack(channels, -1) + random.normal(0, 6, (height, width, 3))
    array[height // 4:height // 2, width // 3:width // 2] = (250, 20, 10)
    return Image.fromarray(array.clip(0, 255).round().astype(np.uint8))


def write_rgb(name, image):
    (out / f"{name}.rgb").write_bytes(np.asarray(image.convert("RGB")).tobytes())


def decode_case(file, data, expected, tolerance=0):
    (out / file).write_bytes(data)
    name = "expected-" + file.replace(".", "-")
    write_rgb(name, expected)
    manifest["decode"].append({"file": file, "expected": name + ".rgb", "width": expected.width,
                               "height": expected.height, "tolerance": tolerance})


def encoded(image, format, **options):
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def reopened(data):
    return ImageOps.exif_transpose(Image.open(io.BytesIO(data)))


def over_white(image):
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def png(width, height, bits, color, rows, extra=b""):
    """A PNG that Pillow cannot write itself: `rows` are the packed rows without filter bytes."""
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
    return b"\x89PNG\r\n\x1a\n" + header + extra + body + chunk(b"IEND", b"")


# --- decoding -------------------------------------------------------------------------------------
photo = picture(45, 34)
for name, options in {
    "444": dict(quality=90, subsampling=0),
    "422": dict(quality=75, subsampling=1),
    "420": dict(quality=75, subsampling=2),
    "progressive": dict(quality=80, progressive=True),
    "restart": dict(quality=80, restart_marker_blocks=2),
}.items():
    data = encoded(photo, "JPEG", **options)
    decode_case(f"jpeg-{name}.jpg", data, reopened(data))
data = encoded(photo.convert("L"), "JPEG", quality=85)
decode_case("jpeg-grey.jpg", data, reopened(data))
data = encoded(photo.convert("CMYK"), "JPEG", quality=90)
decode_case("jpeg-cmyk.jpg", data, reopened(data).convert("RGB"))
data = encoded(photo, "JPEG", quality=90, keep_rgb=True)
decode_case("jpeg-rgb.jpg", data, reopened(data))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(photo, "JPEG", quality=85, exif=exif)
    decode_case(f"orientation-{orientation}.jpg", data, reopened(data))

alpha = Image.fromarray((np.mgrid[0:34, 0:45][1] * 255 // 44).astype(np.uint8))
rgba = photo.copy()
rgba.putalpha(alpha)
grey_alpha = Image.merge("LA", (photo.convert("L"), alpha))
palette = photo.quantize(32)
bilevel = photo.convert("1")
decode_case("png-rgb.png", encoded(photo, "PNG"), photo)
decode_case("png-rgba.png", encoded(rgba, "PNG"), over_white(rgba))
decode_case("png-grey.png", encoded(photo.convert("L"), "PNG"), photo.convert("L").convert("RGB"))
decode_case("png-grey-alpha.png", encoded(grey_alpha, "PNG"), over_white(grey_alpha))
decode_case("png-palette.png", encoded(palette, "PNG"), palette.convert("RGB"))
data = encoded(palette, "PNG", transparency=3)
decode_case("png-palette-transparent.png", data, over_white(Image.open(io.BytesIO(data))))
decode_case("png-1bit.png", encoded(bilevel, "PNG"), bilevel.convert("RGB"))
deep = random.integers(0, 65536, (9, 11, 4))
deep[0, :3] = [[0] * 4, [65535] * 4, [257] * 4]
scaled = np.rint(deep / 257).astype(np.uint8)
decode_case("png-grey16.png", png(11, 9, 16, 0, [row.astype(">u2").tobytes() for row in deep[..., 0]]),
            Image.fromarray(scaled[..., 0]).convert("RGB"))
decode_case("png-rgb16.png", png(11, 9, 16, 2, [row.astype(">u2").tobytes() for row in deep[..., :3]]),
            Image.fromarray(scaled[..., :3]))
share = deep[..., 3:] / 65535
composed = np.rint((deep[..., :3] * share + 65535 * (1 - share)) / 257).astype(np.uint8)
decode_case("png-rgba16.png", png(11, 9, 16, 6, [row.astype(">u2").tobytes() for row in deep]),
            Image.fromarray(composed), tolerance=1)
exif = Image.Exif()
exif[0x0112] = 6
data = encoded(photo, "PNG", exif=exif)
decode_case("png-orientation-6.png", data, reopened(data))

decode_case("tiff-lzw.tif", encoded(photo, "TIFF", compression="tiff_lzw"), photo)
decode_case("tiff-rgba.tif", encoded(rgba, "TIFF"), over_white(rgba))
decode_case("tiff-1bit.tif", encoded(bilevel, "TIFF", compression="group4"), bilevel.convert("RGB"))
decode_case("tiff-palette.tif", encoded(palette, "TIFF"), palette.convert("RGB"))
cmyk = photo.convert("CMYK")
decode_case("tiff-cmyk.tif", encoded(cmyk, "TIFF"), cmyk.convert("RGB"))
decode_case("tiff-grey16.tif", encoded(Image.fromarray(deep[..., 0].astype(np.uint16)), "TIFF"),
            Image.fromarray(scaled[..., 0]).convert("RGB"))
data = encoded(photo, "TIFF", tiffinfo={0x0112: 8})
decode_case("tiff-orientation-8.tif", data, reopened(data))
decode_case("tiff-pages.tif", encoded(photo, "TIFF", save_all=True, append_images=[photo.rotate(180)]), photo)

decode_case("webp-lossless.webp", encoded(photo, "WEBP", lossless=True), photo)
data = encoded(photo, "WEBP", quality=80)
decode_case("webp-lossy.webp", data, reopened(data), tolerance=1)
decode_case("webp-rgba.webp", encoded(rgba, "WEBP", lossless=True, exact=True), over_white(rgba))
decode_case("webp-animated.webp", encoded(photo, "WEBP", lossless=True, save_all=True,
                                          append_images=[photo.rotate(180)]), photo)
decode_case("gif.gif", encoded(palette, "GIF"), palette.convert("RGB"))
decode_case("gif-animated.gif", encoded(palette, "GIF", save_all=True,
                                        append_images=[palette.rotate(180)]), palette.convert("RGB"))
decode_case("gif-named.jpg", encoded(palette, "GIF"), palette.convert("RGB"))
if features.check("avif"):
    data = encoded(photo, "AVIF", quality=90, subsampling="4:4:4")
    decode_case("avif.avif", data, reopened(data), tolerance=3)

decode_case("bmp-24.bmp", encoded(photo, "BMP"), photo)
decode_case("bmp-8.bmp", encoded(palette, "BMP"), palette.convert("RGB"))
decode_case("bmp-1.bmp", encoded(bilevel, "BMP"), bilevel.convert("RGB"))
data = encoded(rgba, "BMP")  # the fourth byte means nothing without a mask
decode_case("bmp-32.bmp", data, reopened(data).convert("RGB"))


def bmp(width, height, bits, compression, body, tables=b""):
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, 0, 0)
    start = 14 + len(info) + len(tables)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + info + tables + body


colors = b"".join(bytes(c) + b"\0" for c in random.integers(0, 256, (256, 3)).astype(np.uint8).tolist())
runs = b"".join([
    bytes([5, 7, 4, 9]), bytes([0, 0]),                    # two runs, end of line
    bytes([0, 3, 1, 2, 3, 0]), bytes([6, 200]), bytes([0, 0]),  # three literal pixels with padding, a run
    bytes([9, 11]), bytes([0, 1]),                         # a run, end of picture
])
data = bmp(9, 3, 8, 1, runs, colors)
decode_case("bmp-rle8.bmp", data, Image.open(io.BytesIO(data)).convert("RGB"))
pixels = random.integers(0, 65536, (4, 6)).astype("<u2")
data = bmp(6, 4, 16, 3, pixels.tobytes(), struct.pack("<III", 0xF800, 0x7E0, 0x1F))
decode_case("bmp-565.bmp", data, Image.open(io.BytesIO(data)).convert("RGB"))
pixels = random.integers(0, 256, (4, 6, 4)).astype(np.uint8)
info = struct.pack("<IiiHHIIiiII4I", 108, 6, -4, 1, 32, 3, 96, 0, 0, 0, 0, 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
info += b"\0" * (108 - len(info))
data = b"BM" + struct.pack("<IHHI", 14 + 108 + 96, 0, 0, 14 + 108) + info + pixels.tobytes()
decode_case("bmp-alpha.bmp", data, over_white(Image.open(io.BytesIO(data))))
data = bmp(6, -4, 24, 0, b"".join(random.integers(0, 256, 18).astype(np.uint8).tobytes() + b"\0\0"
                                  for _ in range(4)))
decode_case("bmp-top-down.bmp", data, Image.open(io.BytesIO(data)).convert("RGB"))

decode_case("pnm-6.ppm", encoded(photo, "PPM"), photo)
decode_case("pnm-5.pgm", encoded(photo.convert("L"), "PPM"), photo.convert("L").convert("RGB"))
decode_case("pnm-4.pbm", encoded(bilevel, "PPM"), bilevel.convert("RGB"))
small = random.integers(0, 8, (3, 4, 3))
text = "P3 # comment\n4 3\n7\n" + "\n".join(" ".join(map(str, row)) for row in small.reshape(3, 12).tolist())
decode_case("pnm-3.ppm", text.encode(), Image.fromarray(np.rint(small * 255 / 7).astype(np.uint8)))
data = b"P5 11 9 65535\n" + deep[..., 0].astype(">u2").tobytes()
decode_case("pnm-16.pgm", data, Image.fromarray(scaled[..., 0]).convert("RGB"))

# --- files to refuse ------------------------------------------------------------------------------
refuse = {
    "bomb.png": png(30000, 30000, 1, 0, [b"\0" * 3750] * 8),
    "text-bomb.png": png(4, 4, 8, 0, [b"\x80" * 4] * 4, extra=(lambda body: struct.pack(">I", len(body))
                         + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body)))(
                         b"Comment\0\0" + zlib.compress(b"\0" * (40 << 20), 9))),
    "tiff-float.tif": encoded(Image.fromarray(random.random((5, 6)).astype(np.float32)), "TIFF"),
}
for file, data in refuse.items():
    (out / file).write_bytes(data)
    manifest["refuse"].append(file)

# --- resampling -----------------------------------------------------------------------------------
source = picture(61, 47)
write_rgb("source", source)
manifest["source"] = {"file": "source.rgb", "width": 61, "height": 47}
for width, height, box in [
    (61, 47, None), (30, 23, None), (7, 5, None), (1, 1, None), (90, 70, None), (61, 20, None),
    (20, 47, None), (128, 9, None), (32, 32, (10, 5, 40, 45)), (32, 32, (60, 46, 61, 47)),
    (24, 24, (0, 0, 13, 47)), (40, 40, (20, 20, 29, 27)),
]:
    image = source if box is None else source.crop(box)
    name = f"resize-{len(manifest['resize'])}"
    write_rgb(name, image.resize((width, height), Image.Resampling.BILINEAR))
    manifest["resize"].append({"expected": name + ".rgb", "width": width, "height": height,
                               "box": list(box or (0, 0, 61, 47))})

# --- colour ---------------------------------------------------------------------------------------
small_source = picture(23, 17)
write_rgb("small", small_source)
manifest["small"] = {"file": "small.rgb", "width": 23, "height": 17}
for operation, function, values in [
    ("brightness", F.adjust_brightness, [0, 0.3, 0.8, 1, 1.2, 1.77]),
    ("contrast", F.adjust_contrast, [0, 0.5, 0.9, 1, 1.4, 3.1]),
    ("saturation", F.adjust_saturation, [0, 0.25, 1, 1.3, 2.2]),
    ("hue", F.adjust_hue, [-0.5, -0.21, -0.003, 0, 0.02, 0.1, 0.37, 0.5]),
]:
    for value in values:
        name = f"color-{len(manifest['color'])}"
        write_rgb(name, function(small_source, value))
        manifest["color"].append({"expected": name + ".rgb", "operation": operation, "value": value})
for angle in [0, 1.5, 30, -45, 90, 180, 200.25, -90, 359.9]:
    name = f"rotate-{len(manifest['rotate'])}"
    write_rgb(name, F.rotate(small_source, angle, interpolation=InterpolationMode.BILINEAR))
    manifest["rotate"].append({"expected": name + ".rgb", "degrees": angle})
# All hues of Pillow's HSV, exhaustively on a coarse grid of colours.
grid = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3, indexing="ij"), -1).reshape(1, -1, 3)
grid = Image.fromarray(grid.astype(np.uint8))
write_rgb("hue-grid", F.adjust_hue(grid, 0.15))
manifest["hueGrid"] = {"expected": "hue-grid.rgb", "value": 0.15, "step": 15}

# --- preprocessing --------------------------------------------------------------------------------
mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
tall = source.resize((31, 57), Image.Resampling.NEAREST)
write_rgb("tall", tall)
manifest["tall"] = {"file": "tall.rgb", "width": 31, "height": 57}


def pad(image, size):
    long = max(image.size)
    width, height = (max(1, int(side * size / long + 0.5)) for side in image.size)
    square = Image.new("RGB", (size, size), tuple(int(m * 255 + 0.5) for m in mean))
    square.paste(image.resize((width, height), Image.Resampling.BILINEAR),
                 ((size - width) // 2, (size - height) // 2))
    return square


finish = transforms.Compose([transforms.ToTensor(), transforms.Normalize(mean, deviation)])
for input_name, image in (("source", source), ("tall", tall)):
    for size, short, fit in [(32, 32, "crop"), (28, 33, "crop"), (64, 73, "crop"), (32, 32, "pad"),
                             (32, 32, "squash")]:
        if fit == "crop":
            ready = transforms.Compose([transforms.Resize(short), transforms.CenterCrop(size)])(image)
        elif fit == "pad":
            ready = pad(image, size)
        else:
            ready = transforms.Resize((size, size))(image)
        tensor = finish(ready)
        name = f"preprocess-{len(manifest['preprocess'])}.f32"
        (out / name).write_bytes(tensor.permute(1, 2, 0).contiguous().numpy().astype("<f4").tobytes())
        manifest["preprocess"].append({"input": input_name, "expected": name, "size": size,
                                       "shortSide": short, "fit": fit})

(out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")

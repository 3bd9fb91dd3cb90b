"""TIFF files that cost their reader more than their author."""
import lzma
import random
import struct

from jpeg import progressive, segment, small_jpeg
from makers import maker, saved
from png import deflated


SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}


def directory(tags, at, following=0, entries=b""):
    """A directory at offset `at`: tags {number: (type, values)}; raw entries come behind them."""
    count = len(tags) + len(entries) // 12
    behind = at + 2 + 12 * count + 4
    listed, content = b"", b""
    for number, (kind, values) in sorted(tags.items()):
        data = values if isinstance(values, bytes) else struct.pack(
            "<%d%s" % (len(values), {1: "B", 3: "H", 4: "I"}[kind]), *values)
        field = data.ljust(4, b"\0")
        if len(data) > 4:
            field = struct.pack("<I", behind + len(content))
            content += data + b"\0" * (len(data) % 2)
        listed += struct.pack("<HHI", number, kind, len(data) // SIZES[kind]) + field
    return struct.pack("<H", count) + listed + entries + struct.pack("<I", following) + content


def tags(width, height, offsets, sizes, compression=8, bands=3, bits=8, rows=None, tile=None, photometric=None, planar=1):
    found = {
        256: (4, [width]), 257: (4, [height]), 258: (3, [bits] * bands), 259: (3, [compression]),
        262: (3, [photometric if photometric is not None else 2 if bands > 2 else 1]), 277: (3, [bands]),
        284: (3, [planar])}
    if tile:
        found.update({322: (4, [tile[0]]), 323: (4, [tile[1]]), 324: (4, offsets), 325: (4, sizes)})
    else:
        found.update({273: (4, offsets), 278: (4, [rows or height]), 279: (4, sizes)})
    return found


def tiff(pixels, make):
    """A TIFF of `pixels`, which lie at 8, and the directory that `make` returns for its offset."""
    at = 8 + len(pixels) + len(pixels) % 2
    return b"II*\0" + struct.pack("<I", at) + pixels + b"\0" * (len(pixels) % 2) + make(at)


def small_tags():
    return tags(16, 16, [8], [768], compression=1)


@maker("tiff-pages-400000.tif")
def _():
    listed = small_tags()
    size = len(directory(listed, 0))
    pages = b"".join(directory(listed, 776 + size * index, 776 + size * (index + 1)) for index in range(400_000))
    return b"II*\0" + struct.pack("<I", 776) + b"\0" * 768 + pages


@maker("tiff-page-that-follows-itself.tif")
def _():
    return tiff(b"\0" * 768, lambda at: directory(small_tags(), at, at))


@maker("tiff-tags-4000.tif")
def _():
    extra = b"".join(struct.pack("<HHII", 5000 + index, 4, 1, 0) for index in range(4000))
    return tiff(b"\0" * 768, lambda at: directory(small_tags(), at, entries=extra))


@maker("tiff-500-tags-of-the-same-60-megabytes.tif")
def _():
    extra = b"".join(struct.pack("<HHII", 50000 + index, 1, 60_000_000, 8) for index in range(500))
    return tiff(b"\0" * 60_000_000, lambda at: directory(small_tags(), at, entries=extra))


@maker("tiff-jpeg-progressive-99-scans-50-megapixels.tif")
def _():
    data = progressive(7000, 7000, 3, 99)
    return tiff(data, lambda at: directory(tags(7000, 7000, [8], [len(data)], 7), at))


@maker("tiff-jpeg-progressive-strips.tif")
def _():
    data = progressive(8000, 64, 3, 99)
    return tiff(data, lambda at: directory(tags(8000, 12032, [8] * 188, [len(data)] * 188, 7, rows=64), at))


@maker("tiff-jpeg-with-10-million-markers.tif")
def _():
    data = small_jpeg(segment(0xE1, b"") * 10_000_000)
    return tiff(data, lambda at: directory(tags(32, 32, [8], [len(data)], 7, bands=1), at))


@maker("tiff-tiles-that-share-60-megabytes.tif")
def _():
    tile = deflated(256 * 256)
    pixels = tile + random.Random(3).randbytes(1000) * 60_000
    count = 39 * 39
    return tiff(pixels, lambda at: directory(
        tags(9984, 9984, [8] * count, [len(pixels)] * count, bands=1, tile=(256, 256)), at))


@maker("tiff-tiles-wider-than-the-image.tif")
def _():
    tile = deflated(65536 * 16)
    return tiff(tile, lambda at: directory(
        tags(16, 96000, [8] * 6000, [len(tile)] * 6000, bands=1, tile=(65536, 16)), at))


@maker("tiff-one-tile-of-3600-megapixels.tif")
def _():
    return tiff(b"\0" * 768, lambda at: directory(tags(100, 100, [8], [768], bands=1, tile=(60000, 60000)), at))


@maker("tiff-one-tile-of-100-megapixels-rgba16.tif")
def _():
    data = deflated(10000 * 10000 * 8)
    return tiff(data, lambda at: directory(tags(10000, 10000, [8], [len(data)], bands=4, bits=16, tile=(10000, 10000)), at))


@maker("tiff-one-strip-of-100-megapixels-rgba16.tif")
def _():
    data = deflated(10000 * 10000 * 8)
    return tiff(data, lambda at: directory(tags(10000, 10000, [8], [len(data)], bands=4, bits=16), at))


@maker("tiff-one-strip-of-100-megapixels-in-planes.tif")
def _():
    data = deflated(10000 * 10000)
    return tiff(data, lambda at: directory(tags(10000, 10000, [8] * 3, [len(data)] * 3, planar=2), at))


@maker("tiff-tiles-of-16-100-megapixels.tif")
def _():
    tile = deflated(768)
    return tiff(tile, lambda at: directory(
        tags(10000, 10000, [8] * 390625, [len(tile)] * 390625, tile=(16, 16)), at))


@maker("tiff-strip-of-one-row-in-bands.tif")
def _():
    data = deflated(4000 * 200)
    return tiff(data, lambda at: directory(tags(4000, 1000, [8] * 1000, [len(data)] * 1000, bands=200, rows=1), at))


@maker("tiff-fax-100-megapixels.tif")
def _():
    return tiff(b"\xff" * 2_000_000, lambda at: directory(
        tags(10000, 10000, [8], [2_000_000], 4, bands=1, bits=1, photometric=0), at))


@maker("tiff-packbits-100-megapixels.tif")
def _():
    data = b"\x81\0" * (300_000_000 // 128 + 1)
    return tiff(data, lambda at: directory(tags(10000, 10000, [8], [len(data)], 32773), at))


@maker("tiff-lzma-100-megapixels.tif")
def _():
    noise = bytes(byte & 1 for byte in random.Random(2).randbytes(3_000_000))
    strip = lzma.compress(noise, preset=0)
    return tiff(strip, lambda at: directory(tags(10000, 10000, [8] * 100, [len(strip)] * 100, 34925, rows=100), at))


def noisy_picture(side, seed=1):
    from PIL import Image
    small = Image.frombytes("RGB", (side // 8, side // 8), random.Random(seed).randbytes(3 * (side // 8) ** 2))
    return small.resize((side, side))


def tiles_of(data, compression, **more):
    return tiff(data, lambda at: directory(
        tags(9728, 9728, [8] * 361, [len(data)] * 361, compression, tile=(512, 512), **more), at))


@maker("tiff-jpeg2000-95-megapixels.tif")
def _():
    return tiles_of(saved(noisy_picture(512), format="JPEG2000", no_jp2=True, irreversible=True), 33005)


@maker("tiff-webp-95-megapixels.tif")
def _():
    return tiles_of(saved(noisy_picture(512), format="WEBP", lossless=True), 50001)


@maker("honest-jpeg-tiles-95-megapixels.tif")
def _():
    return tiles_of(saved(noisy_picture(512), format="JPEG", quality=90), 7, photometric=6)


@maker("tiff-xmp-60-megabytes.tif")
def _():
    xmp = b"tiff:Orientation" * 3_750_000
    return tiff(xmp, lambda at: directory(
        dict(small_tags(), **{}), at, entries=struct.pack("<HHII", 700, 1, len(xmp), 8)))

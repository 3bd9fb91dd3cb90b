"""PNM and BMP files that cost much, and honest large files of all formats, which must be read."""
import struct

from jpeg import segment
from makers import maker, pillow
from png import deflated, png
from tiff import directory, tags, tiff


@maker("pnm-bitmap-100-megapixels.pbm")
def _():
    return b"P4 10000 10000\n" + b"\0" * 12_500_000


@maker("pnm-text-60-megabytes.ppm")
def _():
    return b"P3 3300 3000 255\n" + b"7 " * 30_000_000


@maker("pnm-comments-60-megabytes.pgm")
def _():
    return b"P2 16 16 255\n" + b"#\n" * 30_000_000 + b"7 " * 256


@maker("bmp-rle-100-megapixels.bmp")
def _():
    head = struct.pack("<IiiHHIIiiII", 40, 10000, 10000, 1, 8, 1, 0, 0, 0, 256, 0)
    data = b"\xff\1" * 392_157 + b"\0\1"
    palette = b"\0\0\0\0" * 256
    return b"BM" + struct.pack("<IHHI", 54 + 1024 + len(data), 0, 0, 54 + 1024) + head + palette + data


@maker("bmp-rle-20-million-jumps.bmp")
def _():
    head = struct.pack("<IiiHHIIiiII", 40, 16, 16, 1, 8, 1, 0, 0, 0, 256, 0)
    return (b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + head + b"\0" * 1024 + b"\0\2\0\0" * 15_000_000 + b"\0\1")


@maker("honest-small.png")
def _():
    return png(64, 64)


@maker("honest-100-megapixels.png")
def _():
    return png(10000, 10000)


@maker("honest-100-megapixels.jpg")
def _():
    return pillow(10000, 10000, format="JPEG", quality=90)


@maker("honest-100-megapixels-turned.jpg")
def _():
    turned = segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x0112, 3, 1, 6, 0))
    plain = pillow(10000, 10000, format="JPEG", quality=90)
    return plain[:2] + turned + plain[2:]


@maker("honest-progressive-24-megapixels.jpg")
def _():
    return pillow(6000, 4000, format="JPEG", quality=90, progressive=True)


@maker("honest-interlaced-24-megapixels.png")
def _():
    return png(6000, 4000, interlaced=1)


@maker("honest-100-megapixels.tif")
def _():
    strip = deflated(10000 * 3 * 8)
    return tiff(strip, lambda at: directory(tags(10000, 10000, [8] * 1250, [len(strip)] * 1250, rows=8), at))


@maker("honest-tiled-64-megapixels.tif")
def _():
    tile = deflated(256 * 256 * 3)
    return tiff(tile, lambda at: directory(tags(8192, 8192, [8] * 1024, [len(tile)] * 1024, tile=(256, 256)), at))


@maker("honest-24-megapixels.avif")
def _():
    return pillow(6000, 4000, format="AVIF", speed=10)


@maker("honest-24-megapixels.webp")
def _():
    return pillow(6000, 4000, format="WEBP", method=0)

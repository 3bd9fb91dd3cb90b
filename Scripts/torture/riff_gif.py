"""WebP and GIF files that cost their reader more than their author."""
import struct

from makers import maker, pillow
from png import looping_exif


def riff(chunks):
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def riff_chunk(name, content):
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def three(value):
    return struct.pack("<I", value)[:3]


def webp_animation(width, height, frames):
    small = pillow(16, 16, format="WEBP", lossless=True)[12:]
    head = riff_chunk(b"VP8X", b"\x02\0\0\0" + three(width - 1) + three(height - 1))
    one = riff_chunk(b"ANMF", three(0) + three(0) + three(15) + three(15) + three(100) + b"\0" + small)
    return riff(head + riff_chunk(b"ANIM", b"\0" * 6) + one * frames)


@maker("webp-268-megapixels-of-canvas.webp")
def _():
    return webp_animation(16383, 16383, 1)


@maker("webp-100-megapixels-of-canvas.webp")
def _():
    return webp_animation(10000, 10000, 2)


@maker("webp-frames-800000.webp")
def _():
    return webp_animation(16, 16, 800_000)


@maker("webp-lossless-100-megapixels.webp")
def _():
    return pillow(10000, 10000, format="WEBP", lossless=True, method=0, quality=0)


@maker("webp-lossy-100-megapixels.webp")
def _():
    return pillow(10000, 10000, format="WEBP", method=0)


@maker("webp-chunks-7-million.webp")
def _():
    small = pillow(16, 16, format="WEBP", lossless=True)[12:]
    return riff(riff_chunk(b"VP8X", b"\0" * 4 + three(15) + three(15)) + riff_chunk(b"junk", b"") * 7_000_000 + small)


@maker("webp-exif-pointing-at-itself.webp")
def _():
    small = pillow(16, 16, format="WEBP", lossless=True)[12:]
    return riff(riff_chunk(b"VP8X", b"\x08\0\0\0" + three(15) + three(15)) + small
                + riff_chunk(b"EXIF", looping_exif()))


def lzw(total):
    """`total` pixels of colour 0 in GIF's LZW, in sub-blocks."""
    data, count, free, width = 4, 3, 6, 3  # the code to clear
    codes, covered, length = [], 0, 1
    value, shift = 4, 3
    size, following = 3, 6
    run = 1
    while covered < total:
        step = min(run, total - covered)
        code = 0 if step == 1 else 6 + step - 2
        value |= code << shift
        shift += size
        covered += step
        if run > 1 or covered > 1:
            following += 1
            if following > 1 << size and size < 12:
                size += 1
        run += 1
        if following >= 4095:
            value |= 4 << shift
            shift += size
            size, following, run = 3, 6, 1
    value |= 5 << shift
    shift += size
    packed = value.to_bytes(shift // 8 + 1, "little")
    return b"\x02" + b"".join(
        bytes([len(packed[at:at + 255])]) + packed[at:at + 255] for at in range(0, len(packed), 255)) + b"\0"


def gif(width, height, frames):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0) + b"\0\0\0\xff\xff\xff" + frames + b";"


def gif_frame(width, height, data):
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + data


@maker("gif-frames-3-million.gif")
def _():
    return gif(16, 16, gif_frame(1, 1, lzw(1)) * 3_500_000)


@maker("gif-100-megapixels.gif")
def _():
    return gif(10000, 10000, gif_frame(10000, 10000, lzw(100_000_000)))


@maker("gif-4000-megapixels-of-canvas.gif")
def _():
    return gif(65535, 65535, gif_frame(1, 1, lzw(1)))


@maker("gif-comments-20-million.gif")
def _():
    return gif(16, 16, b"!\xfe\0" * 20_000_000 + gif_frame(1, 1, lzw(1)))


@maker("gif-codes-without-pixels.gif")
def _():
    clear = b"\xff" + b"\x24\x49\x92" * 85  # the code to clear, three bits, again and again
    return gif(16, 16, gif_frame(16, 16, b"\x02" + clear * 230_000 + b"\0"))

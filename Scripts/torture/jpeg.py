"""JPEG files, written by hand: no encoder makes scans that say nothing."""
import struct

from makers import maker


def segment(marker, content):
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


class Bits:
    def __init__(self):
        self.value, self.count = 0, 0

    def put(self, value, count):
        self.value, self.count = self.value << count | value, self.count + count

    def bytes(self):
        padding = -self.count % 8
        data = (self.value << padding | (1 << padding) - 1).to_bytes((self.count + padding) // 8, "big")
        return data.replace(b"\xff", b"\xff\0")


def huffman(table, symbols):
    """A table of up to three symbols: 0, 10, 110."""
    counts = [1 if index < len(symbols) else 0 for index in range(16)]
    return segment(0xC4, bytes([table]) + bytes(counts) + bytes(symbols))


def frame(marker, width, height, components):
    listed = b"".join(bytes([index + 1, 0x11, 0]) for index in range(components))
    return segment(marker, struct.pack(">BHHB", 8, height, width, components) + listed)


def scan(components, start, end, high, low, data, table=0):
    listed = b"".join(bytes([component, table]) for component in components)
    return segment(0xDA, bytes([len(components)]) + listed + bytes([start, end, high << 4 | low])) + data


QUANTIZATION = segment(0xDB, b"\0" + b"\1" * 64)
ADOBE = segment(0xEE, b"Adobe\0d\0\0\0\0\0")


def progressive(width, height, components, scans, marker=0xC2):
    """Scans that leave every coefficient zero: each costs its author some bytes and the reader all blocks."""
    blocks = (-(-width // 8)) * (-(-height // 8))
    arithmetic = marker == 0xCA
    bits = Bits()
    for _ in range(blocks // 32767):
        bits.put(0b0 << 14 | 0x3FFF, 15)  # a run of 16384 + 16383 blocks
    left = blocks % 32767
    if left:
        power = left.bit_length() - 1
        # A symbol of its own for what is left; a run of 1 has no further bits.
        bits.put(0b10 << power | left - (1 << power), 2 + power)
    symbols = [0xE0, (max(left, 1).bit_length() - 1) << 4]
    empty = b"" if arithmetic else bits.bytes()
    dc = b"" if arithmetic else b"\0" * (-(-blocks * components // 8))
    parts = [b"\xff\xd8", ADOBE if components == 4 else b"", QUANTIZATION, frame(marker, width, height, components)]
    if not arithmetic:
        parts += [huffman(0x00, [0]), huffman(0x10, symbols)]
    names = list(range(1, components + 1))
    parts.append(scan(names, 0, 0, 0, 0, dc))
    made = 1
    for low in range(13, -1, -1):
        for start in range(1, 64):
            for name in names:
                if made >= scans:
                    break
                parts.append(scan([name], start, start, 0 if low == 13 else low + 1, low, empty))
                made += 1
    return b"".join(parts) + b"\xff\xd9"


@maker("jpeg-progressive-cmyk-100-scans-100-megapixels.jpg")
def _():
    return progressive(10000, 10000, 4, 100)


@maker("jpeg-progressive-cmyk-100-scans-25-megapixels.jpg")
def _():
    return progressive(5000, 5000, 4, 100)


@maker("jpeg-progressive-rgb-100-scans-50-megapixels.jpg")
def _():
    return progressive(7000, 7000, 3, 100)


@maker("jpeg-progressive-grey-100-scans-100-megapixels.jpg")
def _():
    return progressive(10000, 10000, 1, 100)


@maker("jpeg-progressive-rgb-3000-scans-1-megapixel.jpg")
def _():
    return progressive(1000, 1000, 3, 2600)


@maker("jpeg-arithmetic-100-megapixels.jpg")
def _():
    return (b"\xff\xd8" + QUANTIZATION + frame(0xC9, 10000, 10000, 3) + scan([1, 2, 3], 0, 63, 0, 0, b"") + b"\xff\xd9")


@maker("jpeg-arithmetic-progressive-100-scans-25-megapixels.jpg")
def _():
    return progressive(5000, 5000, 3, 100, marker=0xCA)


@maker("jpeg-sequential-100-scans-50-megapixels.jpg")
def _():
    blocks = 875 * 875
    data = b"\0" * (-(-blocks * 2 // 8))  # a bit for DC, one for the end of the block
    tables = huffman(0x00, [0]) + huffman(0x10, [0])
    scans = b"".join(scan([1 + index % 3], 0, 63, 0, 0, data) for index in range(100))
    return b"\xff\xd8" + QUANTIZATION + frame(0xC1, 7000, 7000, 3) + tables + scans + b"\xff\xd9"


def small_jpeg(before):
    blocks = b"\0" * 6
    return (b"\xff\xd8" + before + QUANTIZATION + frame(0xC0, 32, 32, 1) + huffman(0, [0]) + huffman(0x10, [0])
            + scan([1], 0, 63, 0, 0, blocks) + b"\xff\xd9")


@maker("jpeg-app1-10-million.jpg")
def _():
    return small_jpeg(segment(0xE1, b"") * 10_000_000)


@maker("jpeg-exif-2-million.jpg")
def _():
    return small_jpeg(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0") * 2_000_000)


@maker("jpeg-exif-full-of-entries.jpg")
def _():
    entries = struct.pack("<HHII", 0x8769, 4, 1, 8) * 5400
    return small_jpeg(segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 65535) + entries) * 900)


@maker("jpeg-comments-10-million.jpg")
def _():
    return small_jpeg(segment(0xFE, b"") * 10_000_000)


@maker("jpeg-huffman-tables-2-million.jpg")
def _():
    return small_jpeg(huffman(0, [0]) * 2_000_000)


@maker("jpeg-xmp-full-of-names.jpg")
def _():
    return small_jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"tiff:Orientation" * 4000) * 900)

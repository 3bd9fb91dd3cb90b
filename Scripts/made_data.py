"""A small data set that trains in a second, for scripts that call the programs as a user would."""


def stripes(path, index, vertical, side=40):
    """A PPM file of stripes; `index` shifts and colours them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = bytearray()
    for y in range(side):
        for x in range(side):
            on = ((x if vertical else y) + 3 * index) // 4 % 2
            noise = (x * 7 + y * 13 + index * 29 + x * y * (index + 3)) % 60
            pixels += bytes([(200 if on else 40) + noise % 50, 30 + noise, (90 + 11 * index + noise) % 256])
    path.write_bytes(b"P6\n%d %d\n255\n" % (side, side) + bytes(pixels))


def make_data(root, counts=(("train", 12), ("val", 6), ("test", 6))):
    for split, count in counts:
        for name, vertical in (("across", False), ("upright", True)):
            for index in range(count):
                stripes(root / split / name / f"{index}.ppm", index + 20 * len(split) + 50 * vertical, vertical)

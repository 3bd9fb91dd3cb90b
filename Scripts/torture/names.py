"""Folders, classes, files and options whose names hold terminal escapes, line breaks, bells and formulas.

    python3 Scripts/torture/names.py

No command may print a control character of a name on either stream, and no page may hold one.
"""
import shutil

from common import Tally, Workshop, crashed, text
from made_data import stripes

ESCAPE = "\x1b[31m"
CONTROL = [chr(code) for code in range(32) if chr(code) not in "\n"] + ["\x7f", "\x9b"]


def main():
    shop, tally = Workshop("names"), Tally("names")
    data = shop.root / f"data{ESCAPE}"
    for split, count in (("train", 6), ("val", 4), ("test", 3)):
        for name, vertical in ((f"a{ESCAPE}red\nx", False), ("=1+1|b\x07", True)):
            for index in range(count):
                stripes(data / split / name / f"{ESCAPE}{index}.ppm", index + 20 * len(split) + 50 * vertical, vertical)
    broken = data / "train" / "=1+1|b\x07" / f"bad{ESCAPE}.jpg"
    broken.write_text("no image")
    plain = ["--weights", "none", "--image-size", "32", "--recipe", "quick", "--epochs", "1"]
    commands = [
        ["check", data, "--no-features", "--report", "page.html"], ["train", data, "--output", f"run{ESCAPE}", *plain],
        ["evaluate", f"run{ESCAPE}"], ["export", f"run{ESCAPE}"],
        ["evaluate", f"run{ESCAPE}", "--model", f"run{ESCAPE}/model.onnx"],
        ["predict", f"run{ESCAPE}/model.onnx", data / "test", "--top", "2", "--labels-from-folders"],
        ["predict", f"run{ESCAPE}", data / "test", broken], ["split", data, f"out{ESCAPE}", "--merge", "--skip-problems"],
        ["split", data, "out", "--merge", "--group-by", f"(x{ESCAPE}"], ["train", f"no{ESCAPE}"],
        ["evaluate", f"no{ESCAPE}"], ["export", f"run{ESCAPE}", "-o", f"no{ESCAPE}/x.onnx"],
        ["predict", f"no{ESCAPE}", "x"], ["predict", broken, "x"], ["weights", "verify", f"no{ESCAPE}"],
        ["train", data, "--recipe", f"no{ESCAPE}"], ["train", data, "--exclude-from", f"no{ESCAPE}"],
        ["check", data, "--fix", f"no{ESCAPE}/x.txt"], [f"do{ESCAPE}"], ["train", data, f"--op{ESCAPE}"],
    ]
    for words in commands:
        done = shop.call(words)
        tally.add("commands")
        if crashed(done):
            tally.fail(f"{words[0]}: {crashed(done)}")
        for stream in (done.stdout, done.stderr):
            found = [repr(mark) for mark in CONTROL if mark in text(stream)]
            if found:
                tally.fail(f"{words}: {', '.join(found)} in {text(stream)[:300]!r}")
    for page in list(shop.root.rglob("*.html")):
        tally.add("pages")
        found = [repr(mark) for mark in CONTROL if mark not in "\t\r" and mark in page.read_text(encoding="utf-8")]
        if found:
            tally.fail(f"{page.name}: {', '.join(found)}")
    if tally.counts.get("pages", 0) < 2:
        tally.fail("there are too few pages to look at")
    shutil.rmtree(shop.root, ignore_errors=True)
    tally.finish()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Works the page of `tailor review` in a browser: verify_review.py TAILOR WORK_FOLDER

Makes a data set with names that break careless programs, lets `tailor review` write its page, and does in Chromium what
a reviewer does: keys, mouse, a phone's screen, undo, filters, a reload in the middle, export, loading what another
reviewer exported. What was exported goes through `tailor check --apply`, `tailor train --decisions` and Label Studio's
JSON. Accessibility by axe-core: no violation, light and dark, wide and narrow. Screenshots lie in WORK_FOLDER. One line
a check; exit code 1 when one fails. Needs Debian's chromium and chromium-driver (`Scripts/setup.sh browser`).
"""
import csv
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

TAILOR, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
DATA = WORK / "data"
# Beside the package, which is not imported: it would want Playwright.
AXE = (Path(importlib.util.find_spec("axe_playwright_python").origin).parent / "axe.min.js").read_text()
# Twelve classes: more than there are digits. Two begin like formulas, one holds what CSV and HTML are made of.
CLASSES = ["=cmd", "@home", "a,b \"c\" <i>"] + [f"part {number:02}" for number in range(4, 13)]
STRANGE = ["=1+2.png", "a,b.png", "it's \"quoted\".png", "line\nbreak.png", "<b>bold</b> & co.png", "'=x.png",
           "\u202egnp.png", "</script><script>alert(1)</x.png"]
FAILED = []


def note(passed, what, detail=""):
    if not passed:
        FAILED.append(what)
    print(f"{'ok  ' if passed else 'FAIL'} {what}{': ' + str(detail) if detail and not passed else ''}", flush=True)


def tailor(*words, code=0):
    done = subprocess.run([TAILOR, *map(str, words)], capture_output=True, text=True, cwd=WORK,
                          env=dict(os.environ, XDG_CACHE_HOME=str(WORK / "cache"), XDG_STATE_HOME=str(WORK / "state")))
    if done.returncode != code:
        raise RuntimeError(f"tailor {words}: exit code {done.returncode}: {done.stderr[-600:]}")
    return done


def picture(label, number):
    """Stripes of the class's direction and colour, under noise of its own."""
    generator = np.random.default_rng(1000 * label + number)
    angle = np.pi * label / len(CLASSES) + generator.normal(0, 0.03)
    y, x = np.mgrid[:160, :120]
    wave = np.sin((np.cos(angle) * x + np.sin(angle) * y) / (3 + label % 4) + generator.uniform(0, 6))
    tint = 0.5 + 0.5 * np.cos(2 * np.pi * (label / len(CLASSES) + np.array([0, 1 / 3, 2 / 3])))
    pixels = 120 + 60 * wave[..., None] * tint + generator.normal(0, 15, (160, 120, 3))
    # What tells one picture of a class from another.
    for _ in range(24):
        row, column, radius = generator.uniform(0, 160), generator.uniform(0, 120), generator.uniform(5, 18)
        pixels[(y - row) ** 2 + (x - column) ** 2 < radius ** 2] += generator.normal(0, 60)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def make_data():
    for split, count in (("train", 14), ("val", 4), ("test", 3)):
        for label, name in enumerate(CLASSES):
            for number in range(count):
                path = DATA / split / name / f"{number:02}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                picture(label, number + 100 * len(split)).save(path)
    copy = shutil.copyfile
    # Labels that are wrong: pictures of the next class.
    for label, name in enumerate(STRANGE):
        path = DATA / "train" / CLASSES[label] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        copy(DATA / "train" / CLASSES[label + 1] / "00.png", path)
    copy(DATA / "train/part 05/03.png", DATA / "train/part 06/twin.png")
    copy(DATA / "train/part 07/03.png", DATA / "val/part 07/again.png")
    copy(DATA / "test/part 08/01.png", DATA / "train/part 09/of-test.png")
    Image.new("RGB", (90, 90), (40, 41, 40)).save(DATA / "train/part 10/blank.png")
    (DATA / "train/part 11/broken.png").write_bytes(b"no image")


class Page:
    def __init__(self, url, width=1280, height=860, dark=False, phone=False, before=None):
        options = webdriver.ChromeOptions()
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                     "--disable-dev-shm-usage", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.binary_location = shutil.which("chromium")
        self.downloads = WORK / "downloads"
        shutil.rmtree(self.downloads, ignore_errors=True)
        self.downloads.mkdir()
        options.add_experimental_option("prefs", {"download.default_directory": str(self.downloads)})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if phone:
            options.add_experimental_option("mobileEmulation", {
                "deviceMetrics": {"width": width, "height": height, "pixelRatio": 2, "touch": True}})
        self.driver = webdriver.Chrome(
            options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        if not phone:
            self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.scheme(dark)
        if before:
            self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": before})
        self.driver.get(url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def scheme(self, dark):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        # Hidden to the eye, the status is there to be heard.
        return self.find(name).get_attribute("textContent")

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def choose(self, name, value):
        Select(self.find(name)).select_by_value(value)

    @property
    def kept(self):
        """What the browser keeps."""
        return json.loads(self.driver.execute_script(
            "return Object.entries(localStorage).find(([key]) => key.startsWith('tailor-review:'))[1]"))

    @property
    def decisions(self):
        return {row["path"]: row for row in self.kept["decisions"]}

    @property
    def path(self):
        return self.kept["current"]

    @property
    def errors(self):
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def shoot(self, name):
        time.sleep(0.15)
        self.driver.save_screenshot(str(WORK / f"{name}.png"))

    def export(self, reviewer=None):
        self.press("e")
        if reviewer:
            self.find("reviewer").clear()
            self.find("reviewer").send_keys(reviewer)
        self.find("download").click()
        file = self.downloads / "decisions.csv"
        for _ in range(100):
            if file.exists():
                return file
            time.sleep(0.05)
        raise RuntimeError("nothing was downloaded")

    def accessible(self, what):
        self.driver.execute_script(AXE)
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
            ".then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target).join(', '))"
            ".concat(r.passes.length ? [] : ['nothing was checked'])), (e) => done([String(e)]))")
        note(not found, f"axe-core, {what}", found)


def unguarded(field):
    return field[1:] if field[:1] == "'" and field.lstrip("'")[:1] in tuple("=+-@\t\r") else field


def table(file):
    with open(file, newline="", encoding="utf-8") as opened:
        rows = [[unguarded(field) for field in row] for row in csv.reader(opened)]
    return rows[0], {row[0]: dict(zip(rows[0], row)) for row in rows[1:]}


def by_keys(url):
    with Page(url) as page:
        data = json.loads(page.find("data").get_attribute("textContent"))
        suspects = data["suspects"]
        count = len(suspects)
        kinds = {kind for suspect in suspects for kind in suspect["kinds"]}
        note(kinds == {"label", "classes", "copies", "extreme", "unreadable"}, "every kind is asked about", kinds)
        paths = {suspect["path"] for suspect in suspects}
        wrong = {f"train/{CLASSES[label]}/{name}" for label, name in enumerate(STRANGE)}
        note(wrong <= paths, "every wrong label is asked about", wrong - paths)
        note(not any(path.startswith("test/") for path in paths), "no test image is asked about")
        sealed = [n for s in suspects for n in s["neighbours"] if n["part"] == "test"]
        note(bool(sealed) and all("label" not in n for n in sealed), "labels of test images are not in the page")
        note(page.driver.execute_script("return performance.getEntriesByType('resource').length") == 0,
             "nothing is fetched")
        note(page.text("progress-text").startswith(f"0 of {count} decided"), "starts undecided")
        page.shoot("wide-light")
        page.accessible("1280 px, light")
        page.scheme(dark=True)
        page.shoot("wide-dark")
        page.accessible("1280 px, dark")
        page.scheme(dark=False)

        first, second, third, fourth = (suspect["path"] for suspect in suspects[:4])
        page.press("k")
        note(page.decisions[first]["decision"] == "keep" and page.path == second, "k keeps and goes on")
        button = page.driver.find_elements(By.CSS_SELECTOR, "#classes button")[2]
        wanted = button.get_attribute("data-name")
        note(len(page.driver.find_elements(By.CSS_SELECTOR, "#classes button[data-name]")) == 10, "ten digits")
        page.press("3")
        expected = "keep" if wanted == data["classes"][suspects[1]["label"]] else "relabel"
        note(page.decisions[second]["decision"] == expected, "3 relabels as its button says")
        page.press("x")
        note(page.decisions[third]["decision"] == "exclude" and page.path == fourth, "x excludes")
        page.press("u")
        note(third not in page.decisions and page.path == third, "u takes it back and returns to it")
        page.press("u", "u")
        note(not page.decisions and page.path == first, "u goes back to the beginning")
        page.press("u")
        note(page.text("said") == "nothing to undo", "and no further")
        page.press("n", Keys.ARROW_RIGHT, "p")
        note(page.path == second and not page.decisions, "n, arrows and p only move")
        page.press("c")
        page.accessible("finding a class")
        page.shoot("classes")
        page.press("12", Keys.ENTER)
        label = data["classes"][suspects[1]["label"]]
        done = page.decisions[second]
        note(done["newLabel"] == "part 12" or label == "part 12", "c finds a class that has no digit", done)
        page.press("s")
        note(page.decisions[third]["decision"] == "unsure", "s is not sure")
        blank = next(s["path"] for s in suspects if s["path"].endswith("blank.png"))
        page.choose("filter-kind", "extreme")
        page.press("a")
        note(page.decisions[blank]["decision"] == "exclude", "a accepts the suggestion")
        page.choose("filter-kind", "")
        page.press("?")
        note(page.find("help-dialog").is_displayed(), "? helps")
        page.accessible("help")
        page.shoot("help")
        before = page.decisions
        page.press("x")
        page.press(Keys.ESCAPE)
        note(page.decisions == before and not page.find("help-dialog").is_displayed(),
             "keys rest while a window is open")

        page.choose("filter-kind", "unreadable")
        note("1 of 1 shown" in page.text("position") and page.find("no-picture").is_displayed(), "filter by kind")
        page.shoot("unreadable")
        page.choose("filter-kind", "")
        page.choose("filter-class", "part 05")
        shown = page.text("position")
        note(shown.endswith(" shown") and not shown.endswith(f"of {count}"), "filter by class", shown)
        page.choose("filter-class", "")
        page.choose("filter-state", "open")
        note(f"of {count - 3} shown" in page.text("position"), "filter by state", page.text("position"))

        here, kept = page.path, page.decisions
        page.driver.refresh()
        note(page.path == here and page.decisions == kept, "a reload in the middle loses nothing")
        note(page.text("progress-text").startswith(f"3 of {count} decided"), "and shows it")
        page.choose("filter-state", "all")
        page.press("u")
        note(len(page.decisions) == 2, "undo works after a reload")
        while True:
            left = [s for s in suspects if s["path"] not in page.decisions]
            if not left:
                break
            before = len(page.decisions)
            here = next(s for s in suspects if s["path"] == page.path)
            if here["path"] in wrong:
                page.press("c")
                page.press(CLASSES[CLASSES.index(here["path"].split("/")[1]) + 1], Keys.ENTER)
            elif here["path"].endswith("twin.png"):
                page.press("x")
            else:
                page.press("a" if here["suggestsExclusion"] else "k")
            if len(page.decisions) == before:
                raise RuntimeError(f"stuck at {page.path}")
        note(page.text("said").endswith("everything shown is decided"), "the end is said")
        page.press("e")
        page.accessible("export")
        page.shoot("export")
        page.press(Keys.ESCAPE)
        file = page.export("Ann, \"the\" reviewer")
        header, rows = table(file)
        note(header == ["path", "sha256", "old_label", "decision", "new_label", "reviewer", "time"], "columns", header)
        decided = page.decisions
        note(set(rows) == set(decided) == paths, "the file names every image as it is called")
        note(all(row["decision"] == decided[path]["decision"] and row["new_label"] == (decided[path]["newLabel"] or "")
                 and row["reviewer"] == "Ann, \"the\" reviewer" for path, row in rows.items()), "and what was decided")
        note(not page.errors, "no error in the browser", page.errors)
        return shutil.copyfile(file, WORK / "decisions.csv"), rows


def applied(file, rows):
    for name in ("corrected.csv", "corrected"):
        tailor("check", DATA, "--apply", file, "--output", WORK / name, "--quiet")
    header, listed = None, {}
    with open(WORK / "corrected.csv", newline="", encoding="utf-8") as opened:
        for row in csv.reader(opened):
            row = [unguarded(field) for field in row]
            if header:
                listed[row[1]] = row[2]
            header = header or row
    good = all(
        (path not in listed) if row["decision"] == "exclude"
        else listed[path] == (row["new_label"] or row["old_label"]) for path, row in rows.items())
    note(good, "check --apply: a list with what was decided")
    others = {path: name for path, name in listed.items() if path not in rows}
    note(all(path.split("/")[1] == name for path, name in others.items()), "and everything else as it was")
    note(sum(path.startswith("test/") for path in listed) == 3 * len(CLASSES), "the test set whole")
    copied = sum(1 for path in (WORK / "corrected").rglob("*") if path.is_file()) - 1
    note(copied == len(listed), "a copy of as many files", (copied, len(listed)))
    tailor("train", DATA, "--decisions", file, "--weights", "none", "--image-size", "32", "--no-probe", "--epochs", "1",
           "--device", "cpu", "--quiet", "--output", WORK / "run")
    record = json.loads((WORK / "run/run.json").read_text())
    found = record["dataset"]["decisions"]
    note({row["path"] for row in found["decisions"]} == set(rows), "train --decisions: all in run.json")
    page = WORK / "of-run.html"
    tailor("review", WORK / "run", "--no-features", "--quiet", "--output", page)
    with Page(page.as_uri()) as opened:
        opened.press("n")
        note(set(opened.decisions) == set(rows), "a review of the run begins with them")


def second_reviewer(url, file, rows):
    with Page(url) as page:
        page.find("file").send_keys(str(file))
        time.sleep(0.3)
        note(set(page.decisions) == set(rows), "an earlier decisions.csv loads")
        again = page.export()
        note(table(again)[1] == rows, "and is exported as it was")
        changed = WORK / "changed.csv"
        text = file.read_text(encoding="utf-8")
        sha = next(iter(rows.values()))["sha256"]
        changed.write_text(text.replace(sha, "0" * 64), encoding="utf-8")
        page.find("file").send_keys(str(changed))
        time.sleep(0.3)
        note("left out" in page.text("banner"), "a decision about another content is left out", page.text("banner"))
        changed.write_text("path,label\n", encoding="utf-8")
        page.find("file").send_keys(str(changed))
        time.sleep(0.3)
        note("expected the columns" in page.text("banner"), "another table is refused")
    with Page(url, before="Storage.prototype.setItem = () => { throw new Error('full'); };") as page:
        page.press("k")
        note("keeps nothing" in page.text("banner"), "a browser that keeps nothing says so")
        note(page.text("progress-text").startswith("1 of"), "and still decides")


def by_mouse_and_touch(url):
    with Page(url, width=420, height=860, phone=True) as page:
        page.shoot("narrow-light")
        page.accessible("420 px, light")
        page.scheme(dark=True)
        page.shoot("narrow-dark")
        page.accessible("420 px, dark")
        page.scheme(dark=False)
        wide = page.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
        note(wide <= 0, "no scrolling sideways on a phone", wide)
        boxes = page.driver.execute_script(
            "return [...document.querySelectorAll('.actions button')].filter((b) => b.offsetParent)"
            ".map((b) => b.getBoundingClientRect().height)")
        note(min(boxes) >= 40, "buttons are large enough for a finger", min(boxes))
        order = []
        for name in ("keep", "exclude", "unsure"):
            page.driver.execute_script("window.scrollTo(0, 0)")
            order.append(json.loads(page.find("data").get_attribute("textContent"))["suspects"][len(order)]["path"])
            page.find(name).click()
        found = page.decisions
        note([found[path]["decision"] for path in order] == ["keep", "exclude", "unsure"], "buttons decide")
        page.find("undo").click()
        note(len(page.decisions) == 2, "the undo button takes back")
        page.driver.find_element(By.CSS_SELECTOR, "#classes button").click()
        note(len(page.decisions) == 3, "a class button relabels")
        page.find("export").click()
        page.accessible("420 px, export")
        page.shoot("narrow-export")


def heat_maps(page):
    """A page with a heat map for its first image, as a run with heat maps has them for all."""
    text = page.read_text(encoding="utf-8")
    start = text.index('id="data">') + len('id="data">')
    end = text.index("</script>", start)
    data = json.loads(text[start:end])
    first = data["suspects"][0]["path"]
    data["heatMaps"] = [[path, jpeg, "part 05"] for path, jpeg in data["pictures"] if path == first]
    heated = WORK / "heated.html"
    heated.write_text(text[:start] + json.dumps(data).replace("<", "\\u003c") + text[end:], encoding="utf-8")
    with Page(heated.as_uri()) as opened:
        heat, button = opened.find("heat"), opened.find("heat-button")
        note(button.is_displayed() and not heat.is_displayed(), "a heat map is offered")
        opened.press("h")
        note(heat.is_displayed() and button.get_attribute("aria-pressed") == "true", "h shows it")
        note(opened.find("heat-caption").text == "Heat map: where the model saw part 05", "and says of which class")
        opened.accessible("heat map")
        opened.press("h")
        note(not heat.is_displayed(), "and hides it")
        opened.press("h", "n")
        note(not heat.is_displayed() and not button.is_displayed(), "an image without one offers none")


def label_studio():
    tasks = WORK / "tasks.json"
    tailor("review", DATA, "--to", "label-studio", "--output", tasks, "--quiet")
    text = json.loads(tasks.read_text())
    interface = tailor("review", DATA, "--to", "label-studio", "--output", WORK / "tasks-2.json", "--quiet").stdout
    # Annotations as the server exports them: what was predicted, taken over by somebody.
    for number, task in enumerate(text):
        task["id"] = number + 1
        task["annotations"] = [
            {"id": number, "completed_by": 1, "was_cancelled": False, "created_at": "2026-01-01T00:00:00Z",
             "updated_at": "2026-01-01T00:00:00Z", "result": prediction["result"]}
            for prediction in task["predictions"]]
    exported = WORK / "exported.json"
    exported.write_text(json.dumps(text))
    converted = WORK / "converted"
    Converter(interface, project_dir=None).convert_to_csv(
        str(exported), str(converted), is_dir=False, sep=",", header=True)
    found = next(converted.rglob("*.csv")) if converted.is_dir() else converted
    with open(found, newline="", encoding="utf-8") as opened:
        theirs = {row["path"]: row.get("class") or row.get("decision") for row in csv.DictReader(opened)}
    tailor("review", DATA, "--from", "label-studio", "--annotations", exported, "--output", WORK / "theirs.csv")
    _, ours = table(WORK / "theirs.csv")
    said = {path: "exclude" if row["decision"] == "exclude" else row["new_label"] or row["old_label"]
            for path, row in ours.items()}
    note(bool(said) and said == {path: theirs[path] for path in said},
         "Label Studio's own converter reads the same choices")
    tailor("check", DATA, "--apply", WORK / "theirs.csv", "--output", WORK / "theirs-corrected.csv", "--quiet")


def predicted_tasks():
    """What predict says, as Label Studio's library checks tasks and predictions against the labelling interface."""
    run = WORK / "run-of-tasks"
    tailor("train", DATA, "--output", run, "--weights", "none", "--epochs", "0", "--image-size", "32", "--quiet", "--allow-leaks",
           "--device", "cpu")
    # Some of the images cannot be read: tasks without a prediction.
    done = tailor("predict", run, DATA / "train", "--format", "labelstudio", code=1)
    text = done.stderr[done.stderr.index("<View>"):done.stderr.index("</View>") + len("</View>")]
    interface, tasks = LabelInterface(text), json.loads(done.stdout)
    predictions = [prediction for task in tasks for prediction in task["predictions"]]
    unread = [task for task in tasks if task["data"]["error"]]
    note(len(predictions) == len(tasks) - len(unread) > 0 and bool(unread)
         and not any(task["predictions"] for task in unread) and all(map(interface.validate_prediction, predictions))
         and all(interface.validate_task({"data": task["data"]}) for task in tasks),
         f"Label Studio's library accepts {len(tasks)} tasks of predict")
    wrong = json.loads(json.dumps(predictions[0]))
    wrong["result"][0]["value"]["choices"] = ["no class"]
    note(not interface.validate_prediction(wrong), "and not one of an unknown class")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    make_data()
    page = WORK / "review.html"
    tailor("review", DATA, "--weights", "bundled", "--output", page, "--quiet", "--device", "cpu")
    url = page.as_uri()
    for step in (
            lambda: applied(*by_keys(url)), lambda: by_mouse_and_touch(url),
            lambda: second_reviewer(url, WORK / "decisions.csv", table(WORK / "decisions.csv")[1]),
            lambda: heat_maps(page), label_studio, predicted_tasks):
        try:
            step()
        except Exception as error:  # The other steps go on.
            note(False, "a step", f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")
    print(f"screenshots: {WORK}", file=sys.stderr)
    sys.exit(bool(FAILED))


main()

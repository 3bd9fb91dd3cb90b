#!/usr/bin/env python3
"""Lays the ELPV solar-cell images out as train/ val/ test/ class folders.

Usage: elpv_layout.py UNPACKED_WHEEL DEST

functional: defect probability < 0.5; defective: >= 0.5. Stratified by class and cell type,
60/15/25. The order inside a stratum is that of SHA-256(seed, file name), so the split is the
same on every machine and under every Python version. Standard library only.

Data: Buerhop-Lutz et al., "A Benchmark for Visual Identification of Defective Solar Cells in
Electroluminescence Imagery", EU PVSEC 2018; CC BY-NC-SA 4.0. Fetched, never committed.
"""
import collections
import hashlib
import pathlib
import shutil
import sys

SEED = "tailor-elpv-1"
SHARES = (("test", 0.25), ("val", 0.15))  # the rest trains


def main(source: str, destination: str) -> None:
    data = pathlib.Path(source) / "elpv_dataset" / "data"
    dest = pathlib.Path(destination)
    strata = collections.defaultdict(list)
    for line in (data / "labels.csv").read_text().splitlines():
        if not line.strip():
            continue
        name, probability, cell_type = line.split()
        label = "defective" if float(probability) >= 0.5 else "functional"
        strata[label, cell_type].append(name)
    partial = dest.with_name(dest.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    for (label, _), names in sorted(strata.items()):
        names.sort(key=lambda name: hashlib.sha256(f"{SEED}:{name}".encode()).hexdigest())
        rest, splits = names, []
        for split, share in SHARES:
            count = round(share * len(names))
            splits.append((split, rest[:count]))
            rest = rest[count:]
        splits.append(("train", rest))
        for split, members in splits:
            folder = partial / split / label
            folder.mkdir(parents=True, exist_ok=True)
            for name in members:
                shutil.copyfile(data / name, folder / pathlib.Path(name).name)
    shutil.rmtree(dest, ignore_errors=True)
    partial.rename(dest)
    for split in ("train", "val", "test"):
        counts = {folder.name: sum(1 for _ in folder.iterdir()) for folder in sorted((dest / split).iterdir())}
        print(f"{split:5} {sum(counts.values()):5}  " + "  ".join(f"{k} {v}" for k, v in counts.items()))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

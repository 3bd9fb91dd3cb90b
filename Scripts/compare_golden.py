#!/usr/bin/env python3
"""Compares golden files made just now with the committed ones: compare_golden.py MODULE FRESH_FOLDER

JSON numbers and safetensors values may differ by 1e-5 relative or absolute (another processor rounds
otherwise); everything else must be the same bytes.
"""
import json
import math
import pathlib
import sys

MODULES = {
    "datasets": "TailorDatasets", "evaluation": "TailorEvaluation", "finetuning": "TailorFineTuning",
    "images": "TailorImages", "resnet": "TailorResNet", "support": "TailorSupport", "tensors": "TailorTensors",
}
TOLERANCE = 1e-5


def differs(a, b) -> bool:
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() != b.keys() or any(differs(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) != len(b) or any(differs(x, y) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return a != b


def same(committed: pathlib.Path, fresh: pathlib.Path) -> bool:
    if committed.read_bytes() == fresh.read_bytes():
        return True
    if committed.suffix == ".json":
        return not differs(json.loads(committed.read_text()), json.loads(fresh.read_text()))
    if committed.suffix == ".safetensors":
        import torch
        from safetensors.torch import load_file

        old, new = load_file(committed), load_file(fresh)
        return old.keys() == new.keys() and all(
            torch.allclose(old[k].double(), new[k].double(), rtol=TOLERANCE, atol=TOLERANCE) for k in old)
    return False


def main() -> int:
    name, fresh = sys.argv[1], pathlib.Path(sys.argv[2])
    committed = pathlib.Path(__file__).parents[1] / "Tests" / f"{MODULES[name]}Tests" / "Golden"
    files = sorted(p.relative_to(fresh) for p in fresh.rglob("*") if p.is_file())
    wrong = [str(f) for f in files if not (committed / f).is_file() or not same(committed / f, fresh / f)]
    print(f"{name}: {len(files)} golden files made anew, {len(files) - len(wrong)} agree")
    for item in wrong:
        print(f"  differs: {item}")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())

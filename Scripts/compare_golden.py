#!/usr/bin/env python3
"""Compares golden files made just now with the committed ones: compare_golden.py MODULE FRESH_FOLDER

JSON numbers and safetensors values may differ by 1e-5 relative or absolute (another processor rounds
otherwise), whole gradients by 1e-4 of their largest value, digests of a gradient by 1e-3 of its norm (their sums
cancel; between AVX2 and AVX-512 5e-4 was seen); `.pth` files, which hold memory
addresses and paths, must load to the same values or be refused alike; all else must be the same bytes.
"""
import json
import math
import pathlib
import sys
import warnings

MODULES = {
    "audit": "TailorAudit", "checkpoints": "TailorCheckpoints", "datasets": "TailorDatasets",
    "evaluation": "TailorEvaluation", "finetuning": "TailorFineTuning", "images": "TailorImages",
    "inference": "InferenceProduct", "modelfile": "TailorModelFile", "resnet": "TailorResNet",
    "support": "TailorSupport", "tensors": "TailorTensors",
}
TOLERANCE = 1e-5
DIGEST = {"norm", "sum", "first"}


def differs(a, b) -> bool:
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys() == DIGEST:
        slack = 1e-3 * a["norm"] + 1e-7
        return any(abs(x - y) > slack
                   for x, y in zip([a["norm"], a["sum"], *a["first"]], [b["norm"], b["sum"], *b["first"]]))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() != b.keys() or any(
            gradients_differ(a[k], b[k]) if k == "full" else differs(a[k], b[k]) for k in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) != len(b) or any(differs(x, y) for x, y in zip(a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return a != b


def gradients_differ(a: dict, b: dict) -> bool:
    """Whole gradients by the parameter's name."""
    return a.keys() != b.keys() or any(
        len(a[k]) != len(b[k]) or max(abs(x - y) for x, y in zip(a[k], b[k])) > 1e-4 * max(map(abs, a[k])) + 1e-7
        for k in a)


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
    if committed.suffix == ".pth":
        return checkpoint(committed) == checkpoint(fresh)
    return False


def checkpoint(path: pathlib.Path):
    """What PyTorch reads from the file, comparable; or how it refuses it."""
    import torch

    warnings.simplefilter("ignore")  # of older formats, which are here on purpose

    def plain(value):
        if isinstance(value, torch.Tensor):
            return str(value.dtype), list(value.shape), list(value.stride()), value.tolist()
        if isinstance(value, dict):
            return [(k, plain(v)) for k, v in value.items()]
        return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value

    try:
        return plain(torch.load(path, weights_only=True))
    except Exception as error:  # the kind is compared: its text names addresses
        return type(error).__name__


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

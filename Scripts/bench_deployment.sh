#!/usr/bin/env bash
# A model at work beside PyTorch, ONNX Runtime and OpenVINO from Python; developers only, needs the Python environment
# and the demo's run. Flags: see Benchmarks/deployment.py.
set -euo pipefail
cd "$(dirname "$0")/.."
run=runs/demo
[ -e "$run/best.safetensors" ] || { echo "error: no $run; make demo" >&2; exit 1; }
for program in tailor tailor-runtime; do
    [ -x ".build/release/$program" ] || { echo "error: no .build/release/$program; make build" >&2; exit 1; }
done
source Scripts/python_environment.sh
python_environment "$PWD"
.deps/python/bin/pip install --quiet --disable-pip-version-check -r Benchmarks/requirements.txt >&2
Scripts/fetch_elpv.sh
.deps/python/bin/python Benchmarks/deployment.py .build/release/tailor .build/release/tailor-runtime "$run" "$@"

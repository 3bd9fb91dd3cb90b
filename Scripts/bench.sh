#!/usr/bin/env bash
# Training speed beside PyTorch on the demo's images; developers only, needs the Python environment.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scripts/python_environment.sh
python_environment "$PWD"
Scripts/fetch_elpv.sh
.deps/python/bin/python Benchmarks/speed.py .build/release/tailor .deps/elpv \
    Sources/TailorResNet/Resources/resnet18-imagenet.safetensors "$@"

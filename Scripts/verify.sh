#!/usr/bin/env bash
# Makes every golden file anew with the live reference implementations and compares it with the committed one; then
# exports models and compares them in ONNX Runtime, OpenVINO and PyTorch, in timm and transformers, and linear probes
# with scikit-learn, and reads event files by TensorBoard; last it works the review page in a browser. `verify.sh review`
# does that alone.
set -euo pipefail
cd "$(dirname "$0")/.."
source Scripts/python_environment.sh
verify_review() {
    Scripts/setup.sh browser
    review_environment "$PWD"
    .deps/review-python/bin/python Scripts/verify_review.py .build/release/tailor .deps/verify/review
}
if [ "${1:-}" = review ]; then
    verify_review
    exit
fi
python_environment "$PWD"
status=0
for generator in Scripts/golden/*.py; do
    name=$(basename "$generator" .py)
    fresh=.deps/verify/$name
    rm -rf "$fresh"
    mkdir -p "$fresh"
    .deps/python/bin/python "$generator" "$fresh" >/dev/null
    .deps/python/bin/python Scripts/compare_golden.py "$name" "$fresh" || status=1
done
Scripts/fetch_elpv.sh
.deps/python/bin/python Scripts/verify_deployment.py .build/release/tailor .deps/verify/deployment || status=1
# By the runs that the line above left.
.deps/python/bin/python Scripts/verify_exports.py .build/release/tailor .deps/verify/deployment || status=1
.deps/python/bin/python Scripts/verify_probe.py .build/release/tailor .deps/verify/probe || status=1
.deps/python/bin/python Scripts/verify_tensorboard.py .build/release/tailor .deps/verify/tensorboard || status=1
verify_review || status=1
exit $status

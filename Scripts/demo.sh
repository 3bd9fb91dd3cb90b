#!/usr/bin/env bash
# Real industrial inspection, end to end: 2,624 electroluminescence images of solar cells, functional or
# defective. Trains, exports one int8 file, opens the test images once for both, predicts with the file.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/fetch_elpv.sh
run=runs/demo
if [ -e "$run" ]; then # every demo is a fresh one; the last is kept
    rm -rf "$run.previous"
    mv "$run" "$run.previous"
fi
# Uses of the demo's test images are counted beside its run, and from one in every demo.
export XDG_STATE_HOME="$PWD/$run.state"
rm -rf "$XDG_STATE_HOME"
# Bundled weights: nothing more to download. 160 pixels and two minutes: two cores have ten minutes for all of it.
.build/release/tailor train .deps/elpv --output "$run" --weights bundled --augment inspection --image-size 160 \
    --time-budget 2m --seed 1
echo
.build/release/tailor export "$run"
echo
.build/release/tailor evaluate "$run" --model "$run/model.onnx"
echo
# A few images of validation, by the program that has nothing of libtorch in it.
mapfile -t images < <(find .deps/elpv/val -name '*.png' | LC_ALL=C sort | awk 'NR % 80 == 1')
.build/release/tailor-runtime predict "$run/model.onnx" "${images[@]}"

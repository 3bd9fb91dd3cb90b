#!/usr/bin/env bash
# Real industrial inspection, end to end: 2,624 electroluminescence images of solar cells, functional or
# defective. Trains, opens the test images once, prints the result.
set -euo pipefail
cd "$(dirname "$0")/.."
Scripts/fetch_elpv.sh
run=runs/demo
if [ -e "$run" ]; then # every demo is a fresh one; the last is kept
    rm -rf "$run.previous"
    mv "$run" "$run.previous"
fi
# Without the last phase, the whole network: two cores need ten minutes for that alone.
.build/release/tailor train .deps/elpv --output "$run" --augment inspection --phases layer4:2,layer3:1 --seed 1
echo
.build/release/tailor evaluate "$run"

#!/usr/bin/env bash
# Tries to break the built programs, within about 20 minutes on two cores: tables at the end say how often each thing was
# done and how often it failed. TORTURE=long does what Documentation/Reliability.md says, and takes hours.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
logs=.build/torture
mkdir -p "$logs"
export TORTURE_FOLDER=$PWD/.build/torture
if [ "${TORTURE:-short}" = long ]; then
    kills=(--kills 1000) disk=() cache=(--positions 2000) limits=() fuzz=(--seconds 60)
else
    kills=(--seconds 280) disk=(--seconds 150) cache=(--positions 300 --seconds 150) limits=(--seconds 150)
    fuzz=(--seconds 6)
fi
status=0
run() { # name, command…
    local name=$1
    shift
    echo "$name …"
    "$@" >"$logs/$name.log" 2>&1 || status=1
    grep -h FAILED "$logs/$name.log"
}
run streams python3 Scripts/torture/streams.py --table
run names python3 Scripts/torture/names.py
run kills python3 Scripts/torture/kills.py "${kills[@]}"
run full-disk python3 Scripts/torture/full_disk.py "${disk[@]}"
run limits python3 Scripts/torture/limits.py "${limits[@]}"
run model-cache python3 Scripts/torture/model_cache.py "${cache[@]}"
run hostile-images python3 Scripts/torture/hostile_images.py .build/torture/hostile --measure .build/release/tailor-runtime \
    Tests/InferenceProductTests/Golden/colors.onnx
run fuzz Scripts/torture/fuzz.sh "${fuzz[@]}"
echo
echo "| part | done | failures | time |"
echo "|---|---|---|---|"
grep -h '^| .* s |$' "$logs"/{streams,names,kills,full-disk,limits,model-cache}.log
echo
cat "$logs/hostile-images.log"
echo
sed -n '/^|/p' "$logs/fuzz.log"
if [ $status -ne 0 ]; then echo "torture: something failed; see $logs"; fi
exit $status

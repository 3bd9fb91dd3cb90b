#!/usr/bin/env bash
# Fuzzes the parsers in process, with libFuzzer: builds, replays seeds and earlier findings, then mutates.
#   fuzz.sh [--seconds N | --runs N] [--address] [target…]
#     --seconds N  time a target, 15 unless given
#     --runs N     executions a target instead; 0 only replays
#     --address    with AddressSanitizer, several times slower
# On Linux, with the toolchain of swift.org. A corpus grows in .build-fuzz/corpus. To see one input again:
#   TAILOR_FUZZ_TARGET=coco TAILOR_FUZZ_SCRATCH=$(mktemp -d) .build-fuzz/release/TailorFuzz FILE
# Exit code 1 when an input was found; it lies in .build-fuzz/findings/<target>/.
set -euo pipefail
cd "$(dirname "$0")/../.."

limit=(-max_total_time=15)
build=.build-fuzz
sanitizers=(--sanitize fuzzer)
chosen=()
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) limit=(-max_total_time="$2") && shift ;;
        --runs) limit=(-runs="$2") && shift ;;
        --address)
            build=.build-fuzz-address
            sanitizers+=(--sanitize address)
            ;;
        -*) echo "$0: unknown option $1" >&2 && exit 2 ;;
        *) chosen+=("$1") ;;
    esac
    shift
done

# Instrumented modules, and their internals visible to the harness, in a build of their own.
export PKG_CONFIG_PATH=$PWD/.deps/pkgconfig:${PKG_CONFIG_PATH:-}
TAILOR_FUZZ=1 swift build -c release --manifest-cache none --scratch-path "$build" "${sanitizers[@]}" \
    --product TailorFuzz -Xswiftc -enable-testing
program=$build/release/TailorFuzz

here=Scripts/torture/fuzz
state=.build-fuzz
# A crash is reported by libFuzzer; Swift's own report takes minutes. One thread is what is measured.
export SWIFT_BACKTRACE=enable=no OMP_NUM_THREADS=1 VIPS_CONCURRENCY=1
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1
TAILOR_FUZZ_SCRATCH=$(mktemp -d /dev/shm/tailor-fuzz.XXXXXX)
export TAILOR_FUZZ_SCRATCH
trap 'rm -rf "$TAILOR_FUZZ_SCRATCH"' EXIT
rm -rf "$state/seeds"
python3 "$here/seeds.py" "$state/seeds"

# Longest input in bytes: what a parser needs for every turn it can take, no more.
longest() {
    case $1 in
        images | pth | zip | safetensors | run | onnx) echo 8192 ;;
        recipe | description | pickle* | onnx-graph) echo 4096 ;;
        bitmaps | coco | ledger | metrics) echo 1024 ;;
        *) echo 512 ;;
    esac
}

[ ${#chosen[@]} -gt 0 ] || mapfile -t chosen < <("$program")
found=0
rows=()
for target in "${chosen[@]}"; do
    corpus=$state/corpus/$target findings=$state/findings/$target log=$state/$target.log
    regressions=$here/regressions/$target
    mkdir -p "$corpus" "$findings" "$regressions" "$state/seeds/$target"
    before=$(find "$findings" -type f | wc -l)
    start=$(date +%s)
    rm -rf "${TAILOR_FUZZ_SCRATCH:?}"/*
    options=(-timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=1024 -print_final_stats=1 -verbosity=1
        -artifact_prefix="$findings/" -max_len="$(longest "$target")")
    [ ! -f "$here/$target.dict" ] || options+=(-dict="$here/$target.dict")
    status=0
    TAILOR_FUZZ_TARGET=$target "$program" "${options[@]}" "${limit[@]}" \
        "$corpus" "$state/seeds/$target" "$regressions" >"$log" 2>&1 </dev/null || status=$?
    rmdir "$regressions" 2>/dev/null || true
    count=$(($(find "$findings" -type f | wc -l) - before))
    [ "$status" = 0 ] || [ "$count" -gt 0 ] || count=1
    [ "$count" = 0 ] || found=1
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
    rows+=("$(printf '%-20s %12s %8s %9s %8s' "$target" "${runs:-?}" "${edges#cov: }" "$count" \
        "$(($(date +%s) - start))")")
    printf '%s\n' "${rows[-1]}" >&2
    if [ "$count" -gt 0 ]; then
        grep -aE "Fatal error|ERROR|SUMMARY|Test unit written" "$log" | head -5 >&2 || true
    fi
done

printf '%-20s %12s %8s %9s %8s\n' target executions edges findings seconds
printf '%s\n' "${rows[@]}"
exit "$found"

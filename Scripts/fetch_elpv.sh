#!/usr/bin/env bash
# Fetches the ELPV solar-cell images (PyPI package elpv-dataset, CC BY-NC-SA 4.0) and lays them out as
# train/ val/ test/ under .deps/elpv. Prints nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."
VERSION=1.0.0.post1
SHA256=85e31c1126ee9b48e62d3a0232c58f58b2d189b0814a45c13642fa0415af4a4c
wheel=.deps/downloads/elpv_dataset-$VERSION-py3-none-any.whl
[ -d .deps/elpv ] && exit 0
mkdir -p .deps/downloads
echo "fetching the ELPV solar-cell images (91 MB, CC BY-NC-SA 4.0)" >&2
python3 -m pip download --quiet --no-deps --dest .deps/downloads "elpv-dataset==$VERSION" 2>.deps/downloads/pip.log \
    || { cat .deps/downloads/pip.log >&2; echo "error: pip could not download elpv-dataset $VERSION" >&2; exit 1; }
actual=$(sha256sum "$wheel" | cut -d' ' -f1)
if [ "$actual" != "$SHA256" ]; then
    rm -f "$wheel"
    echo "error: $wheel: expected SHA-256 $SHA256, got $actual; the file was deleted" >&2
    exit 1
fi
rm -rf .deps/elpv-unpacked
mkdir .deps/elpv-unpacked
unzip -qo "$wheel" -d .deps/elpv-unpacked
cp .deps/elpv-unpacked/elpv_dataset-*.dist-info/licenses/LICENSE.md .deps/elpv-LICENSE.md
python3 Scripts/elpv_layout.py .deps/elpv-unpacked .deps/elpv >&2
rm -rf .deps/elpv-unpacked "$wheel"

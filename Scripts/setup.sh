#!/usr/bin/env bash
# Installs what is missing to build Tailor: system packages (the only global step) and, under .deps/,
# libtorch and OpenVINO from their Python wheels (headers and libraries only). Running it again costs nothing.
#
# setup.sh tests        the shells and page formatters that the tests of completion and manual use, nothing else
# setup.sh browser      chromium and its driver, in which `make verify` works the review page, nothing else
# TAILOR_LIBTORCH=DIR   use DIR/lib and DIR/include instead of downloading (a CUDA build, say)
# TAILOR_OPENVINO=DIR   the same for OpenVINO
set -euo pipefail
cd "$(dirname "$0")/.."

LIBTORCH_VERSION=2.13.0
OPENVINO_VERSION=2026.4.1
# Wheel for one fixed Python tag whatever Python is here, so that one hash serves every machine.
case "$(uname -s)-$(uname -m)" in
Linux-x86_64)
    libtorch_requirement="torch==$LIBTORCH_VERSION+cpu"
    libtorch_platform=manylinux_2_28_x86_64
    libtorch_sha256=6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b
    libtorch_index=(--extra-index-url https://download.pytorch.org/whl/cpu)
    openvino_requirement="openvino==$OPENVINO_VERSION"
    openvino_platform=manylinux_2_28_x86_64
    openvino_sha256=2d22b1da03f7caf74df30e9f6417d0ab2f637e4a38e08e1dcd294d2c37407aaf
    ;;
Linux-aarch64 | Linux-arm64)
    libtorch_requirement="torch==$LIBTORCH_VERSION" # PyPI's arm64 wheel has no CUDA in it
    libtorch_platform=manylinux_2_28_aarch64
    libtorch_sha256=092790c696a760c729fd5722835f50b9d81fd7c8f141571f3f3cf4081a8f664c
    libtorch_index=()
    openvino_requirement="openvino==$OPENVINO_VERSION"
    openvino_platform=manylinux_2_35_aarch64
    openvino_sha256=bea1eb3733c34ef331adc945da0ccda5937865031139073663be84c517ffda22
    ;;
*)
    libtorch_requirement=""
    openvino_requirement=""
    ;;
esac

say() { printf '%s\n' "setup: $*" >&2; }
fail() { printf '%s\n' "setup: error: $*" >&2; exit 1; }

need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is missing: $2"; }

# --- system packages ------------------------------------------------------------------------------
apt_install() { # packages
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "missing packages: $*; run as root: apt-get install $*"
        sudo=(sudo)
    fi
    say "installing system packages: $*"
    "${sudo[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A test whose tool is missing is left out, so elsewhere than on Debian this is no more than a hint.
install_test_tools() {
    local tool missing=()
    for tool in zsh fish mandoc groff shellcheck; do
        command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if command -v apt-get >/dev/null 2>&1; then
        apt_install "${missing[@]}"
    else
        say "not found, tests with it are left out: ${missing[*]}"
    fi
}

install_browser() {
    command -v chromium >/dev/null 2>&1 && command -v chromedriver >/dev/null 2>&1 && return 0
    command -v apt-get >/dev/null 2>&1 || fail "chromium and chromedriver are missing: install them"
    apt_install chromium chromium-driver fonts-noto-core
}

install_system_packages() {
    local missing=()
    command -v pkg-config >/dev/null 2>&1 || missing+=(pkg-config)
    command -v g++ >/dev/null 2>&1 || missing+=(g++)
    command -v unzip >/dev/null 2>&1 || missing+=(unzip)
    if command -v pkg-config >/dev/null 2>&1; then
        pkg-config --exists libjpeg || missing+=(libjpeg-dev)
        pkg-config --exists vips || missing+=(libvips-dev)
        pkg-config --exists 'libcrypto >= 3' || missing+=(libssl-dev)
        pkg-config --exists yaml-0.1 || missing+=(libyaml-dev)
        pkg-config --exists zlib || missing+=(zlib1g-dev)
    else
        missing+=(libjpeg-dev libvips-dev libssl-dev libyaml-dev zlib1g-dev)
    fi
    [ ${#missing[@]} -eq 0 ] && return 0
    command -v apt-get >/dev/null 2>&1 \
        || fail "not found: ${missing[*]}; install them with this system's package manager, then run again"
    apt_install "${missing[@]}"
    pkg-config --exists 'libcrypto >= 3' \
        || fail "OpenSSL 3 or newer is needed (Debian 12, Ubuntu 22.04), found libcrypto $(pkg-config --modversion libcrypto)"
}

# --- wheels ---------------------------------------------------------------------------------------
# Downloads a wheel, checks its hash and leaves the file's path in $wheel.
fetch_wheel() { # name, requirement, platform, sha256, size, pip options
    local name=$1 requirement=$2 platform=$3 expected=$4 size=$5 actual
    shift 5
    [ -n "$requirement" ] \
        || fail "no $name download for $(uname -s) $(uname -m); name an installation's folder in TAILOR_${name^^}"
    need python3 "needed once, to download $name's wheel"
    python3 -m pip --version >/dev/null 2>&1 || fail "python3 has no pip (apt-get install python3-pip)"
    say "fetching $name ${requirement#*==} ($size)"
    mkdir -p .deps/downloads
    rm -f .deps/downloads/"${requirement%%==*}"-*.whl
    python3 -m pip download --quiet --no-deps --dest .deps/downloads --only-binary=:all: \
        --python-version 3.11 --implementation cp --abi cp311 --platform "$platform" \
        "$@" "$requirement" 2>.deps/downloads/pip.log \
        || { cat .deps/downloads/pip.log >&2; fail "pip could not download $requirement"; }
    wheel=$(ls .deps/downloads/"${requirement%%==*}"-*.whl)
    actual=$(sha256sum "$wheel" | cut -d' ' -f1)
    if [ "$actual" != "$expected" ]; then
        rm -f "$wheel"
        fail "$wheel: expected SHA-256 $expected, got $actual; the file was deleted"
    fi
}

# The licence texts of a wheel, in their folders: several are called LICENSE, of which one must not replace another.
keep_licences() { # unpacked wheel, destination
    cp -R "$1"/*.dist-info/licenses "$2/licenses"
}

install_libtorch() {
    local stamp=".deps/libtorch/$LIBTORCH_VERSION.complete" wheel
    [ -e "$stamp" ] && return 0
    fetch_wheel libtorch "$libtorch_requirement" "$libtorch_platform" "$libtorch_sha256" "190 MB" "${libtorch_index[@]}"
    rm -rf .deps/libtorch .deps/libtorch.partial
    mkdir -p .deps/libtorch.partial
    unzip -qo "$wheel" 'torch/lib/*' 'torch/include/*' 'torch-*.dist-info/*' -d .deps/libtorch.partial
    # The Python binding and PyTorch's own test libraries are not needed.
    (cd .deps/libtorch.partial/torch/lib && rm -f libtorch_python.so libjitbackend_test.so \
        libtorchbind_test.so libbackend_with_compiler.so libaoti_custom_ops.so libshm.so)
    mkdir .deps/libtorch.partial/out
    mv .deps/libtorch.partial/torch/lib .deps/libtorch.partial/torch/include .deps/libtorch.partial/out/
    keep_licences .deps/libtorch.partial .deps/libtorch.partial/out
    mv .deps/libtorch.partial/out .deps/libtorch
    rm -rf .deps/libtorch.partial "$wheel"
    touch "$stamp"
}

install_openvino() {
    local stamp=".deps/openvino/$OPENVINO_VERSION.complete" wheel partial=.deps/openvino.partial library
    [ -e "$stamp" ] && return 0
    fetch_wheel openvino "$openvino_requirement" "$openvino_platform" "$openvino_sha256" "59 MB"
    rm -rf .deps/openvino "$partial"
    mkdir -p "$partial/out/lib"
    # The CPU plugin, and the readers of ONNX and of OpenVINO's own format (for its cache of compiled models).
    unzip -qo "$wheel" 'openvino/include/*' 'openvino/libs/libopenvino.so*' 'openvino/libs/libopenvino_c.so*' \
        'openvino/libs/libopenvino_*cpu_plugin.so' 'openvino/libs/libopenvino_onnx_frontend.so*' \
        'openvino/libs/libopenvino_ir_frontend.so*' 'openvino/libs/libtbb*' 'openvino/libs/libhwloc*' \
        'openvino-*.dist-info/*' -d "$partial"
    mv "$partial/openvino/libs"/* "$partial/out/lib/"
    mv "$partial/openvino/include" "$partial/out/"
    for library in libopenvino libopenvino_c; do
        (cd "$partial/out/lib" && ln -s $library.so.* $library.so)
    done
    keep_licences "$partial" "$partial/out"
    mv "$partial/out" .deps/openvino
    rm -rf "$partial" "$wheel"
    touch "$stamp"
}

# --- pkg-config files -----------------------------------------------------------------------------
# SwiftPM accepts only -I, -L and -l from pkg-config, hence files of our own.
write_if_changed() { # a changed date alone would rebuild everything
    if [ ! -e "$1" ] || [ "$(cat "$1")" != "$2" ]; then printf '%s\n' "$2" >"$1"; fi
}

write_pkgconfig() {
    local torch=${TAILOR_LIBTORCH:-$PWD/.deps/libtorch}
    [ -e "$torch/include/ATen/ATen.h" ] || fail "$torch/include/ATen/ATen.h not found (TAILOR_LIBTORCH wants a folder with include/ and lib/)"
    local libraries="-ltorch -ltorch_cpu -lc10"
    if [ -e "$torch/lib/libtorch_cuda.so" ]; then
        # Registered by their initialisers, so they must be linked although nothing names them.
        libraries="$libraries -ltorch_cuda -lc10_cuda"
    fi
    mkdir -p .deps/pkgconfig
    write_if_changed .deps/pkgconfig/tailor-libtorch.pc "Name: libtorch
Description: PyTorch's C++ library
Version: $LIBTORCH_VERSION
Cflags: -I$torch/include -I$torch/include/torch/csrc/api/include
Libs: -L$torch/lib $libraries"
    local openvino=${TAILOR_OPENVINO:-$PWD/.deps/openvino}
    [ -e "$openvino/include/openvino/c/openvino.h" ] \
        || fail "$openvino/include/openvino/c/openvino.h not found (TAILOR_OPENVINO wants a folder with include/ and lib/)"
    write_if_changed .deps/pkgconfig/tailor-openvino.pc "Name: openvino
Description: OpenVINO's C API
Version: $OPENVINO_VERSION
Cflags: -I$openvino/include
Libs: -L$openvino/lib -lopenvino_c"
    local vips_cflags vips_libs
    vips_cflags=$(pkg-config --cflags-only-I vips | sed 's/ *$//')
    vips_libs=$(pkg-config --libs vips | sed 's/-pthread//g; s/ *$//')
    write_if_changed .deps/pkgconfig/tailor-vips.pc "Name: vips
Description: libvips without the flags that SwiftPM refuses
Version: $(pkg-config --modversion vips)
Cflags: $vips_cflags
Libs: $vips_libs"
}

if [ "${1:-}" = tests ]; then
    install_test_tools
    exit 0
fi
if [ "${1:-}" = browser ]; then
    install_browser
    exit 0
fi
need swift "install Swift 6.1 or newer from https://www.swift.org/install"
install_system_packages
[ -n "${TAILOR_LIBTORCH:-}" ] || install_libtorch
[ -n "${TAILOR_OPENVINO:-}" ] || install_openvino
write_pkgconfig

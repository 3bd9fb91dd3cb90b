# Sourced: makes .deps/python, an environment with the reference implementations (developers only;
# neither building, testing nor using Tailor needs it).
python_environment() {
    local root=$1 stamp="$1/.deps/python/complete-4"
    [ -e "$stamp" ] && return 0
    echo "python: installing PyTorch, Pillow, scikit-learn, ONNX Runtime, OpenVINO, TensorBoard, timm and transformers under .deps/python" >&2
    rm -rf "$root/.deps/python"
    python3 -m venv "$root/.deps/python" \
        || { echo "python: error: python3 has no venv (apt-get install python3-venv)" >&2; return 1; }
    local pip=("$root/.deps/python/bin/pip" install --quiet --disable-pip-version-check)
    # PyTorch's index is asked for torch alone: what torch needs comes from PyPI.
    "${pip[@]}" --no-deps --extra-index-url https://download.pytorch.org/whl/cpu \
        "$(grep '^torch==' "$root/Scripts/requirements.txt")" >&2
    "${pip[@]}" -r "$root/Scripts/requirements.txt" >&2
    # torchvision's own requirement is another build of torch; its models and transforms need none of it. timm asks for
    # torchvision; what else it needs comes with transformers.
    "${pip[@]}" --no-deps torchvision==0.28.0 timm==1.0.31 >&2
    touch "$stamp"
}

# Makes .deps/review-python for the check of the review page. Apart: Label Studio's library wants an older NumPy.
review_environment() {
    local root=$1 stamp="$1/.deps/review-python/complete-1"
    [ -e "$stamp" ] && return 0
    echo "python: installing Selenium, axe-core and Label Studio's library under .deps/review-python" >&2
    rm -rf "$root/.deps/review-python"
    python3 -m venv "$root/.deps/review-python" \
        || { echo "python: error: python3 has no venv (apt-get install python3-venv)" >&2; return 1; }
    local pip=("$root/.deps/review-python/bin/pip" install --quiet --disable-pip-version-check)
    "${pip[@]}" -r "$root/Scripts/requirements_review.txt" >&2
    # Carries axe-core 4.12; Playwright, which it is for, is not needed.
    "${pip[@]}" --no-deps axe-playwright-python==0.1.8 >&2
    touch "$stamp"
}

# Rules: every target can be run again at no cost; what is downloaded lies under .deps/, which git
# ignores; one build configuration (release) serves the programs, the tests and the demo, so that
# nothing is compiled twice. `make help` lists the targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo man test fuzz torture verify bench format lint clean

export PKG_CONFIG_PATH := $(CURDIR)/.deps/pkgconfig:$(PKG_CONFIG_PATH)
# The manifest looks for test folders on the disk, which SwiftPM's manifest cache would not notice.
SWIFT_FLAGS := -c release --manifest-cache none
SWIFT_SOURCES := Package.swift Sources Tests Scripts/torture/fuzz

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Install what is missing (system packages, libtorch, OpenVINO)
	@Scripts/setup.sh

build: setup ## Build the programs: .build/release/tailor and tailor-runtime
	@swift build $(SWIFT_FLAGS)

demo: build ## Fine-tune on real solar-cell images, export to int8, test both, predict
	@Scripts/demo.sh

man: build ## Write the manual pages .build/man/tailor.1 and tailor-runtime.1
	@mkdir -p .build/man
	@for program in tailor tailor-runtime; do .build/release/$$program man >.build/man/$$program.1 || exit 1; done

test: build ## Run the tests
	@Scripts/setup.sh tests
	@swift test $(SWIFT_FLAGS) --disable-testable-imports --disable-xctest --no-parallel

fuzz: setup ## Fuzz every parser in process, about ten minutes (Linux)
	@Scripts/torture/fuzz.sh

torture: build ## Try to break the programs, about 20 minutes; TORTURE=long takes hours (Linux)
	@Scripts/torture/run.sh

verify: build ## Compare live with PyTorch, Pillow, scikit-learn, ONNX Runtime and OpenVINO in Python; work the review page
	@Scripts/verify.sh

bench: build ## Measure training speed beside PyTorch in a Python environment
	@Scripts/bench.sh

format: ## Format the sources
	@swift format --in-place --recursive $(SWIFT_SOURCES)

lint: ## Check the formatting
	@swift format lint --strict --recursive $(SWIFT_SOURCES)

clean: ## Delete what was built (not what was downloaded)
	@rm -rf .build

#!/usr/bin/env bash
# Writes Sources/TailorModelFile/Messages/onnx.pb.swift from onnx.proto. Only needed after a change to the latter.
# protoc comes with the Python package grpcio-tools (here 1.85.1); protoc-gen-swift from swift-protobuf 1.39.0:
#   git clone --branch 1.39.0 https://github.com/apple/swift-protobuf && swift build --product protoc-gen-swift
#   generate_messages.sh PROTOC_GEN_SWIFT
set -euo pipefail
cd "$(dirname "$0")/.."
folder=Sources/TailorModelFile/Messages
python3 -m grpc_tools.protoc --plugin="$1" --proto_path=$folder --swift_out=$folder \
    --swift_opt=Visibility=Package onnx.proto

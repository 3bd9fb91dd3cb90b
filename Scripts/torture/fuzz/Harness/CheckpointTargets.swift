import Foundation
import TailorSupport
import TailorTensors

@testable import TailorCheckpoints

let checkpointTargets = [
    FuzzTarget("safetensors") { data in
        let header = try safetensorsHeader(data)
        // Not before the header is valid: what follows starts libtorch.
        let (tensors, metadata) = try Safetensors.decode(data, name: "file")
        try expect(
            tensors.count == header.entries.count, "\(tensors.count) of \(header.entries.count) tensors")
        let again = try Safetensors.encode(
            tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, metadata: metadata)
        let read = try Safetensors.decode(again, name: "again")
        try expect(read.metadata == metadata, "other metadata when written")
        for (name, tensor) in tensors {
            try expect(read.tensors[name]?.shape == tensor.shape, "\(name) has another shape when written")
            try expect(
                try read.tensors[name]?.rawBytes() == tensor.rawBytes(), "\(name) differs when written")
        }
    },
    FuzzTarget("safetensors-header") { data in
        let prefix = withUnsafeBytes(of: UInt64(data.count).littleEndian) { Data($0) }
        _ = try safetensorsHeader(prefix + data)
    },
    FuzzTarget("pickle") { data in
        var reader = ByteReader([UInt8](data))
        let document = try Unpickler.run(&reader, path: "pickle")
        let block = [UInt8](repeating: 1, count: 256)[...]
        _ = try StateDictionary.tensors(of: document, path: "pickle") { _ throws(CheckpointError) in block }
    },
    // An archive around the input: no mutation finds the checksum of a pickle.
    FuzzTarget("pickle-in-zip") { data in
        var archive = ZipWriter()
        archive.add("archive/data.pkl", [UInt8](data))
        for key in 0..<4 { archive.add("archive/data/\(key)", [UInt8](repeating: UInt8(key), count: 64)) }
        try torchFile(archive.finished())
    },
    FuzzTarget("zip") { data in
        let archive = try ZipArchive([UInt8](data), path: "zip")
        for entry in archive.entries.values {
            try ignoring(CheckpointError.self) { _ = try archive.contents(of: entry) }
        }
        try torchFile([UInt8](data))
    },
    FuzzTarget("pth") { data in try torchFile([UInt8](data)) },
]

private func safetensorsHeader(_ data: Data) throws -> SafetensorsHeader {
    let length = try SafetensorsHeader.length(
        data.prefix(SafetensorsHeader.lengthByteCount), fileByteCount: data.count, file: "file")
    let rest = data.dropFirst(SafetensorsHeader.lengthByteCount)
    return try SafetensorsHeader(
        json: rest.prefix(length), elementByteCount: rest.count - length, file: "file")
}

/// Reads a `.pth` file, and once more what it holds after writing.
private func torchFile(_ bytes: [UInt8]) throws {
    let tensors = try TorchFile.tensors(in: bytes, path: "file")
    guard tensors.allSatisfy({ $0.bytes.count < 1 << 12 }), !tensors.isEmpty else { return }
    let written = try TorchFile.serialized(tensors, path: "again")
    let again = try TorchFile.tensors(in: written, path: "again")
    try expect(again == tensors, "other tensors when written")
    _ = try TorchCheckpoint.decode(Data(written), path: "again")
}

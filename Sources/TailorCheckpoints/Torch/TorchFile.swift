/// Tensor as stored in a checkpoint: row-major, little-endian, without strides.
package struct RawTensor: Sendable, Equatable {
    package var name: String
    package var element: ElementType
    package var shape: [Int]
    package var bytes: [UInt8]

    package init(name: String, element: ElementType, shape: [Int], bytes: [UInt8]) {
        self.name = name
        self.element = element
        self.shape = shape
        self.bytes = bytes
    }
}

/// Container formats of `torch.save`: the zip archive (PyTorch 1.6 and newer) and the older sequence of
/// pickles. Both yield the tensors of one state dict, in the file's order. Nothing is executed.
package enum TorchFile {
    /// Maximum size in bytes of all tensors of a file; a ResNet18 has 47 MB.
    static let maximumTensorBytes = 2 << 30

    package typealias Contents = (tensors: [RawTensor], selection: CheckpointSelection)

    /// Reads the tensors of a file.
    ///
    /// - Parameter path: for messages only.
    package static func tensors(in bytes: [UInt8], path: String) throws(CheckpointError) -> [RawTensor] {
        try contents(of: bytes, path: path).tensors
    }

    /// Reads the tensors of a file and says where in it they were.
    ///
    /// - Parameter path: for messages only.
    package static func contents(of bytes: [UInt8], path: String) throws(CheckpointError) -> Contents {
        if bytes.starts(with: Array("PK".utf8)) { return try zipTensors(bytes, path: path) }
        if bytes.starts(with: legacyMagic) { return try legacyTensors(bytes, path: path) }
        if bytes.isEmpty { throw .unknownFormat(path: path, reason: "an empty file") }
        if bytes.first == 0x80 {
            throw .unknownFormat(path: path, reason: "a pickle of another kind (plain pickle.dump, joblib?)")
        }
        throw .unknownFormat(path: path, reason: "something that is neither a zip archive nor a pickle")
    }

    // MARK: Zip archives

    private static func zipTensors(_ bytes: [UInt8], path: String) throws(CheckpointError) -> Contents {
        let archive = try ZipArchive(bytes, path: path)
        // All entries are in one folder, which is named like the file when it was saved.
        guard
            let pickle = archive.entries.values.filter({ $0.name.hasSuffix("/data.pkl") }).min(by: {
                $0.name.utf8.count < $1.name.utf8.count
            })
        else {
            throw .unknownFormat(path: path, reason: "a zip archive without data.pkl")
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))
        if archive.entries[folder + "constants.pkl"] != nil {
            throw .unsupported(
                path: path, reason: "a TorchScript program (torch.jit.save), not a state dict of torch.save")
        }
        if let order = archive.entries[folder + "byteorder"] {
            guard try Array(archive.contents(of: order)) == Array("little".utf8) else {
                throw .unsupported(path: path, reason: "its numbers are not little-endian")
            }
        }
        guard pickle.size <= Unpickler.maximumBytes else {
            throw .unsupported(
                path: path,
                reason: "a pickle of \(pickle.size) bytes, at most \(Unpickler.maximumBytes)")
        }
        var reader = ByteReader(Array(try archive.contents(of: pickle)))
        let document = try Unpickler.run(&reader, path: path)

        var blocks: [String: ArraySlice<UInt8>] = [:]
        return try StateDictionary.tensors(of: document, path: path) { storage throws(CheckpointError) in
            if let block = blocks[storage.key] { return block }
            guard let entry = archive.entries[folder + "data/" + storage.key] else {
                throw .damaged(path: path, reason: "storage \(printable(storage.key)) is missing")
            }
            let block = try archive.contents(of: entry)
            blocks[storage.key] = block
            return block
        }
    }

    // MARK: The format before PyTorch 1.6

    /// First pickle of the older format: the number 0x1950a86a20f9469cfc6c.
    private static let legacyMagic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    /// Reads the older format: five pickles (magic number, protocol version, system information, the object,
    /// the storages' keys), then each storage in the order of the keys: its element count in 8 bytes and its
    /// elements.
    private static func legacyTensors(_ bytes: [UInt8], path: String) throws(CheckpointError) -> Contents {
        var reader = ByteReader(bytes, from: legacyMagic.count)
        guard case .int(1001) = try Unpickler.run(&reader, path: path).root else {
            throw .unsupported(path: path, reason: "an unknown version of the format before PyTorch 1.6")
        }
        _ = try Unpickler.run(&reader, path: path)
        let document = try Unpickler.run(&reader, path: path)
        let keys = try Unpickler.run(&reader, path: path)
        guard case .list(let list) = keys.root else {
            throw .damaged(path: path, reason: "the list of storages is missing")
        }
        let described = Dictionary(
            document.storages.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var blocks: [String: ArraySlice<UInt8>] = [:]
        do {
            for key in keys.lists[list] {
                guard case .string(let key) = key, let storage = described[key] else {
                    throw CheckpointError.damaged(path: path, reason: "a storage that nothing describes")
                }
                let (size, overflow) = try reader.length(8).multipliedReportingOverflow(
                    by: storage.element.width)
                guard !overflow else { throw ByteReader.EndOfData() }
                blocks[key] = try reader.take(size)
            }
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .damaged(path: path, reason: "the storages are cut short")
        }
        return try StateDictionary.tensors(of: document, path: path) { storage throws(CheckpointError) in
            guard let block = blocks[storage.key] else {
                throw .damaged(path: path, reason: "storage \(printable(storage.key)) is missing")
            }
            return block
        }
    }
}

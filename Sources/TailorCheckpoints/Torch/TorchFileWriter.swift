extension TorchFile {
    /// The file that `torch.save` writes for an `OrderedDict` of these tensors, in this order; `torch.load` makes
    /// contiguous CPU tensors of them, with `weights_only` or without.
    ///
    /// The bytes are those of PyTorch 2.13 too, except that `.data/serialization_id` is missing: a fingerprint
    /// that depends on the C++ library, and that a file may lack. The same tensors give the same bytes.
    ///
    /// - Parameters:
    ///   - folder: the folder in the archive that holds everything. `torch.save` takes the file's name without
    ///     extension, or `archive` when it writes to memory.
    ///   - path: for messages only.
    /// - Throws: `.damaged` for tensors that contradict themselves or share a name, `.unsupported` for more than
    ///   `tensors(in:path:)` would read.
    package static func serialized(
        _ tensors: [RawTensor], folder: String = "archive", path: String
    ) throws(CheckpointError) -> [UInt8] {
        guard (1...255).contains(folder.utf8.count), !folder.utf8.contains(UInt8(ascii: "/")) else {
            throw .unsupported(
                path: path,
                reason: "a folder named \"\(printable(folder))\" in it, expected 1 to 255 bytes without /")
        }
        let byteCount = try checkedByteCount(of: tensors, path: path)
        let pickle = Pickler.stateDictionary(tensors)
        guard pickle.count <= Unpickler.maximumBytes else {
            throw .unsupported(
                path: path,
                reason: "a pickle of \(pickle.count) bytes, at most \(Unpickler.maximumBytes)")
        }
        // Headers, padding and the record in the directory take less than 256 bytes an entry, names aside.
        let entrySize = 256 + 2 * folder.utf8.count
        var archive = ZipWriter(capacity: byteCount + pickle.count + (tensors.count + 5) * entrySize)
        archive.add(folder + "/data.pkl", pickle)
        // 1: storages stand in the order of their numbers.
        archive.add(folder + "/.format_version", Array("1".utf8))
        archive.add(folder + "/.storage_alignment", Array(String(ZipWriter.alignment).utf8))
        archive.add(folder + "/byteorder", Array("little".utf8))
        for (index, tensor) in tensors.enumerated() {
            archive.add(folder + "/data/\(index)", tensor.bytes)
        }
        archive.add(folder + "/version", Array("3\n".utf8))
        return archive.finished()
    }

    /// The bytes of all tensors together.
    private static func checkedByteCount(
        of tensors: [RawTensor], path: String
    ) throws(CheckpointError) -> Int {
        var names: Set<String> = []
        var total = 0
        for tensor in tensors {
            let name = printable(tensor.name)
            guard names.insert(tensor.name).inserted else {
                throw .damaged(path: path, reason: "two tensors named \(name)")
            }
            guard tensor.shape.count <= 16 else {
                throw .unsupported(
                    path: path, reason: "\(name): \(tensor.shape.count) dimensions, at most 16")
            }
            guard let expected = byteCount(tensor.element, tensor.shape) else {
                throw .damaged(
                    path: path,
                    reason: "\(name): no tensor of \(tensor.element.rawValue) has the shape \(tensor.shape)")
            }
            guard tensor.bytes.count == expected else {
                throw .damaged(
                    path: path,
                    reason: "\(name): expected \(expected) bytes of \(tensor.element.rawValue) "
                        + "for shape \(tensor.shape), got \(tensor.bytes.count)")
            }
            total += expected
            guard total <= maximumTensorBytes else {
                throw .unsupported(path: path, reason: "more than \(maximumTensorBytes >> 20) MiB of tensors")
            }
        }
        return total
    }

    /// Nil for a negative size, and where sizes, strides or bytes exceed what a number can hold.
    private static func byteCount(_ element: ElementType, _ shape: [Int]) -> Int? {
        var reach = element.width
        for size in shape {
            // A size of 0 counts as 1 in the strides.
            let (product, overflow) = reach.multipliedReportingOverflow(by: max(size, 1))
            guard size >= 0, !overflow else { return nil }
            reach = product
        }
        return shape.contains(0) ? 0 : reach
    }
}

extension TorchFile {
    /// Serializes tensors as `torch.save` does an `OrderedDict`, in this order; `torch.load` reads them as
    /// contiguous CPU tensors, with `weights_only` or without.
    ///
    /// The bytes equal those of PyTorch 2.13, except that the optional `.data/serialization_id` is missing,
    /// which depends on the C++ library. The same tensors give the same bytes.
    ///
    /// - Parameters:
    ///   - folder: the folder in the archive that holds all entries. `torch.save` takes the file's name
    /// without
    ///     extension, or `archive` when it writes to memory.
    ///   - path: for messages only.
    /// - Throws: `.damaged` for inconsistent tensors or duplicate names, `.unsupported` for more than
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
        // Headers, padding and directory record take less than 256 bytes per entry, without the names.
        let entrySize = 256 + 2 * folder.utf8.count
        var archive = ZipWriter(capacity: byteCount + pickle.count + (tensors.count + 5) * entrySize)
        archive.add(folder + "/data.pkl", pickle)
        // 1: storages are in the order of their numbers.
        archive.add(folder + "/.format_version", Array("1".utf8))
        archive.add(folder + "/.storage_alignment", Array(String(ZipWriter.alignment).utf8))
        archive.add(folder + "/byteorder", Array("little".utf8))
        for (index, tensor) in tensors.enumerated() {
            archive.add(folder + "/data/\(index)", tensor.bytes)
        }
        archive.add(folder + "/version", Array("3\n".utf8))
        return archive.finished()
    }

    /// Total size of the tensors in bytes.
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

    /// Size in bytes; nil for a negative extent and on overflow of extents, strides or bytes.
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

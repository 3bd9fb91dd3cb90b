/// Extraction of the state dict from an unpickled document, with its tensors copied from their storages.
enum StateDictionary {
    typealias Items = [(name: String, tensor: PickledTensor)]

    /// Tensors of the state dict, and where they were found.
    ///
    /// - Parameter block: returns the bytes of a storage.
    static func tensors(
        of document: PickleDocument, path: String,
        block: (PickledStorage) throws(CheckpointError) -> ArraySlice<UInt8>
    ) throws(CheckpointError) -> (tensors: [RawTensor], selection: CheckpointSelection) {
        let (items, selection) = try chosen(of: document, path: path)
        var budget = TorchFile.maximumTensorBytes
        var result: [RawTensor] = []
        for (name, tensor) in items {
            let storage = document.storages[tensor.storage]
            let data = try block(storage)
            guard storage.count <= data.count / storage.element.width else {
                throw .damaged(
                    path: path,
                    reason: "storage \(printable(storage.key)) of \(name): expected \(storage.count) "
                        + "\(storage.element.rawValue), got \(data.count) bytes")
            }
            guard let count = elementCount(of: tensor, within: storage.count) else {
                throw .damaged(
                    path: path,
                    reason:
                        "\(name): shape \(tensor.shape), strides \(tensor.strides), offset \(tensor.offset) "
                        + "reach outside its storage of \(storage.count) elements")
            }
            budget -= count * storage.element.width
            guard budget >= 0 else {
                throw .unsupported(
                    path: path, reason: "more than \(TorchFile.maximumTensorBytes >> 20) MiB of tensors")
            }
            result.append(
                RawTensor(
                    name: name, element: storage.element, shape: tensor.shape,
                    bytes: rowMajor(tensor, count: count, width: storage.element.width, data)))
        }
        return (result, selection)
    }

    // MARK: Strides

    /// Number of elements of a view; nil when it leaves the storage, overflows, or repeats elements so often
    /// that it is larger than the storage.
    private static func elementCount(of tensor: PickledTensor, within limit: Int) -> Int? {
        var count = 1
        for size in tensor.shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            count = product
        }
        guard tensor.offset >= 0, tensor.offset <= limit else { return nil }
        if count == 0 { return 0 }
        var last = tensor.offset
        for (size, stride) in zip(tensor.shape, tensor.strides) {
            let (reach, overflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflow2) = last.addingReportingOverflow(reach)
            if overflow || overflow2 { return nil }
            last = sum
        }
        return last < limit && count <= limit ? count : nil
    }

    private static func rowMajor(
        _ tensor: PickledTensor, count: Int, width: Int, _ data: ArraySlice<UInt8>
    ) -> [UInt8] {
        guard count > 0 else { return [] }
        let start = data.startIndex + tensor.offset * width
        if isContiguous(tensor) { return Array(data[start..<start + count * width]) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * width)
        var index = [Int](repeating: 0, count: tensor.shape.count)
        var position = 0
        for _ in 0..<count {
            let from = start + position * width
            bytes.append(contentsOf: data[from..<from + width])
            // Increment the index, the last dimension fastest.
            var axis = tensor.shape.count - 1
            while axis >= 0 {
                if index[axis] + 1 < tensor.shape[axis] {
                    index[axis] += 1
                    position += tensor.strides[axis]
                    break
                }
                position -= index[axis] * tensor.strides[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return bytes
    }

    private static func isContiguous(_ tensor: PickledTensor) -> Bool {
        var expected = 1
        for (size, stride) in zip(tensor.shape, tensor.strides).reversed() where size != 1 {
            if stride != expected { return false }
            expected *= size
        }
        return true
    }
}

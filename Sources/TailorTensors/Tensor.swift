import CTorch
import Foundation

/// Tensor of libtorch: numbers of one type, of any shape, on one device.
///
/// Assigning it shares elements, `clone` copies them. Operations throw `TensorError` with libtorch's message.
/// Not `Sendable`: one thread at a time.
public final class Tensor {
    /// Handle, owned (+1) and freed with this object.
    let handle: OpaquePointer

    /// Takes ownership of a handle (+1) from the shim.
    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { ctorch_tensor_free(handle) }
}

// MARK: - Properties

extension Tensor {
    private var facts: ctorch_tensor_facts {
        var facts = ctorch_tensor_facts()
        // Every way to create a tensor here bounds its rank, so this cannot fail.
        _ = ctorch_tensor_describe(&facts, handle)
        return facts
    }

    /// Shape of the tensor; empty for a scalar.
    public var shape: [Int] {
        let facts = facts
        return withUnsafeBytes(of: facts.shape) { bytes in
            bytes.bindMemory(to: Int64.self).prefix(Int(facts.rank)).map(Int.init)
        }
    }

    /// Number of elements.
    public var count: Int { Int(facts.count) }

    public var dtype: DType { DType(rawValue: facts.dtype) ?? .float32 }

    public var device: Device { facts.device.type == CTORCH_CUDA ? .cuda(Int(facts.device.index)) : .cpu }

    /// Whether a `[n, c, h, w]` tensor is in channels-last memory order.
    public var isChannelsLast: Bool { facts.is_channels_last }

    /// Whether the elements lie in memory in row-major order without gaps.
    public var isContiguous: Bool { facts.is_contiguous }

    /// Whether operations on this tensor are recorded for `backward`.
    public var requiresGradient: Bool { facts.requires_gradient }
}

// MARK: - Creating

extension Tensor {
    /// Creates a tensor with these elements in row-major order.
    ///
    /// - Throws: `TensorError` unless `shape` has exactly `values.count` elements.
    public convenience init(_ values: [Float], shape: [Int], device: Device = .cpu) throws {
        self.init(owning: try Tensor.copying(values, shape: shape, dtype: .float32, device: device))
    }

    /// Creates an int64 tensor. Bare literals such as `[1, 2]` are floats; write `[Int64(1), 2]`.
    @_disfavoredOverload
    public convenience init(_ values: [Int64], shape: [Int], device: Device = .cpu) throws {
        self.init(owning: try Tensor.copying(values, shape: shape, dtype: .int64, device: device))
    }

    /// Creates a CPU tensor from raw elements in row-major order, which are copied.
    ///
    /// - Throws: `TensorError` unless `bytes` has exactly the size that `shape` and `dtype` require.
    public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws {
        let tensor = try Tensor.fromBytes(bytes, shape: shape, dtype: dtype, layout: Int32(CTORCH_CONTIGUOUS))
        self.init(owning: tensor)
    }

    /// Creates a batch of images from interleaved floats: shape `[count, channels, height, width]` in
    /// channels-last memory order, which is that of `nhwc`, so that one copy fills it.
    ///
    /// - Parameter nhwc: `count * height * width * channels` values.
    /// - Throws: `TensorError` for another number of values.
    public static func images(
        _ nhwc: UnsafeBufferPointer<Float>, count: Int, height: Int, width: Int, channels: Int = 3
    ) throws -> Tensor {
        Tensor(
            owning: try fromBytes(
                UnsafeRawBufferPointer(nhwc), shape: [count, channels, height, width], dtype: .float32,
                layout: Int32(CTORCH_CHANNELS_LAST)))
    }

    public static func zeros(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try full(shape, 0, dtype: dtype, device: device)
    }

    public static func ones(
        _ shape: [Int], dtype: DType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try full(shape, 1, dtype: dtype, device: device)
    }

    public static func full(
        _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
    ) throws -> Tensor {
        try produce("full") { out in
            shape.withInt64s { ctorch_full(out, $0, $1, dtype.rawValue, device.raw, value) }
        }
    }

    private static func copying<Element>(
        _ values: [Element], shape: [Int], dtype: DType, device: Device
    ) throws -> OpaquePointer {
        let onCPU = try values.withUnsafeBytes {
            try fromBytes($0, shape: shape, dtype: dtype, layout: Int32(CTORCH_CONTIGUOUS))
        }
        guard device != .cpu else { return onCPU }
        defer { ctorch_tensor_free(onCPU) }
        var moved: OpaquePointer?
        try check(
            ctorch_convert(&moved, onCPU, device.raw, dtype.rawValue, Int32(CTORCH_PRESERVE), false), "to")
        guard let moved else { throw TensorError.invalid("to", "no tensor came back") }
        return moved
    }

    /// Creates a handle (+1) from bytes.
    private static func fromBytes(
        _ bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType, layout: ctorch_layout
    ) throws -> OpaquePointer {
        var handle: OpaquePointer?
        let status = shape.withInt64s { extents, rank in
            ctorch_from_bytes(
                &handle, bytes.baseAddress, bytes.count, extents, rank, dtype.rawValue, layout)
        }
        try check(status, "tensor")
        guard let handle else { throw TensorError.invalid("tensor", "no tensor came back") }
        return handle
    }
}

// MARK: - Reading

extension Tensor {
    /// Elements in row-major order, converted to 32-bit floats.
    public func floats() throws -> [Float] { try elements(as: .float32, zero: Float(0)) }

    /// Elements in row-major order, converted to 64-bit integers (towards zero).
    public func int64s() throws -> [Int64] { try elements(as: .int64, zero: Int64(0)) }

    /// Elements in row-major order, converted to 64-bit floats.
    public func doubles() throws -> [Double] { try elements(as: .float64, zero: 0.0) }

    /// Value of a tensor with one element.
    public func item() throws -> Double {
        var value = 0.0
        try check(ctorch_item(&value, handle), "item")
        return value
    }

    /// Elements as stored, in row-major order and the machine's byte order.
    public func rawBytes() throws -> Data {
        var data = Data(count: count * dtype.byteCount)
        try data.withUnsafeMutableBytes { bytes in
            try check(ctorch_to_bytes(bytes.baseAddress, bytes.count, handle), "rawBytes")
        }
        return data
    }

    private func elements<Element>(as dtype: DType, zero: Element) throws -> [Element] {
        let source = try to(dtype)
        var values = [Element](repeating: zero, count: source.count)
        try values.withUnsafeMutableBytes { bytes in
            try check(ctorch_to_bytes(bytes.baseAddress, bytes.count, source.handle), "elements")
        }
        return values
    }
}

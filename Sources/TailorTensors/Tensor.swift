import CTorch
import Foundation

/// An array of numbers of one type, of any shape, on one device, with libtorch behind it.
///
/// A reference to a libtorch tensor: assigning it shares elements, `clone` copies them. Operations
/// throw `TensorError` with libtorch's message. Not `Sendable`: one thread at a time.
public final class Tensor {
    /// Owned (+1); freed with this object.
    let handle: OpaquePointer

    /// Takes over a handle (+1) that the shim handed out.
    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { ctorch_tensor_free(handle) }
}

// MARK: - Facts

extension Tensor {
    private var facts: ctorch_tensor_facts {
        var facts = ctorch_tensor_facts()
        // Every way to make a tensor here bounds its rank, so this cannot fail on one of ours.
        _ = ctorch_tensor_describe(&facts, handle)
        return facts
    }

    /// Extents of the dimensions; empty for a scalar.
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

    /// Whether a `[n, c, h, w]` tensor lies in memory in the order n, h, w, c.
    public var isChannelsLast: Bool { facts.is_channels_last }

    /// Whether the elements lie in memory in row-major order without gaps.
    public var isContiguous: Bool { facts.is_contiguous }

    /// Whether operations on this tensor are recorded for `backward`.
    public var requiresGradient: Bool { facts.requires_gradient }
}

// MARK: - Making

extension Tensor {
    /// A tensor with these elements in row-major order.
    ///
    /// - Throws: `TensorError` unless `shape` takes exactly `values.count` elements.
    public convenience init(_ values: [Float], shape: [Int], device: Device = .cpu) throws {
        self.init(owning: try Tensor.copying(values, shape: shape, dtype: .float32, device: device))
    }

    /// As above, of type int64. Bare literals such as `[1, 2]` are floats; write `[Int64(1), 2]`.
    @_disfavoredOverload
    public convenience init(_ values: [Int64], shape: [Int], device: Device = .cpu) throws {
        self.init(owning: try Tensor.copying(values, shape: shape, dtype: .int64, device: device))
    }

    /// A CPU tensor from raw elements in row-major order, which are copied.
    ///
    /// - Throws: `TensorError` unless `bytes` is exactly as long as `shape` and `dtype` ask.
    public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) throws {
        let tensor = try Tensor.fromBytes(bytes, shape: shape, dtype: dtype, layout: Int32(CTORCH_CONTIGUOUS))
        self.init(owning: tensor)
    }

    /// A batch of images from interleaved floats: logical shape `[count, channels, height, width]`,
    /// memory channels-last, which is the order of `nhwc`, so that filling it is one copy.
    ///
    /// - Parameter nhwc: `count * height * width * channels` values.
    /// - Throws: `TensorError` when the number of values is another.
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

    /// A new handle (+1).
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
    /// All elements in row-major order, converted to 32-bit floats.
    public func floats() throws -> [Float] { try elements(as: .float32, zero: Float(0)) }

    /// All elements in row-major order, converted to 64-bit integers (towards zero).
    public func int64s() throws -> [Int64] { try elements(as: .int64, zero: Int64(0)) }

    /// The value of a tensor of one element.
    public func item() throws -> Double {
        var value = 0.0
        try check(ctorch_item(&value, handle), "item")
        return value
    }

    /// The elements as they are stored, in row-major order, in this machine's byte order.
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

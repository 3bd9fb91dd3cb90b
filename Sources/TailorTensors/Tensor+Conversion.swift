import CTorch

extension Tensor {
    /// This tensor on `device`; itself when it is there already.
    public func to(_ device: Device) throws -> Tensor {
        device == self.device ? self : try converted(device: device)
    }

    /// This tensor with elements of type `dtype`; itself when it has them already.
    public func to(_ dtype: DType) throws -> Tensor {
        dtype == self.dtype ? self : try converted(dtype: dtype)
    }

    /// The same elements in row-major order in memory.
    public func contiguous() throws -> Tensor {
        isContiguous ? self : try converted(layout: Int32(CTORCH_CONTIGUOUS))
    }

    /// The same elements with the channels of `[n, c, h, w]` lying next to each other in memory.
    public func channelsLast() throws -> Tensor {
        isChannelsLast ? self : try converted(layout: Int32(CTORCH_CHANNELS_LAST))
    }

    /// A copy with its own elements in the same memory layout.
    public func clone() throws -> Tensor { try converted(copy: true) }

    /// The same elements (shared), cut off from the recorded operations.
    public func detach() throws -> Tensor {
        try produce("detach") { ctorch_detach($0, handle) }
    }

    /// Overwrites the elements in place with those of `source` (broadcast, converted), unrecorded.
    public func copy(from source: Tensor) throws {
        try check(ctorch_copy(handle, source.handle), "copy")
    }

    private func converted(
        device: Device? = nil, dtype: DType? = nil, layout: ctorch_layout = Int32(CTORCH_PRESERVE),
        copy: Bool = false
    ) throws -> Tensor {
        try produce("to") {
            ctorch_convert(
                $0, handle, (device ?? self.device).raw, (dtype ?? self.dtype).rawValue, layout, copy)
        }
    }
}

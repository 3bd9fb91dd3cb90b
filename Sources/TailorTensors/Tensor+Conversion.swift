import CTorch

extension Tensor {
    /// Copy of the tensor on `device`; the tensor itself if it is there already.
    public func to(_ device: Device) throws -> Tensor {
        device == self.device ? self : try converted(device: device)
    }

    /// Copy of the tensor with element type `dtype`; the tensor itself if it has that type already.
    public func to(_ dtype: DType) throws -> Tensor {
        dtype == self.dtype ? self : try converted(dtype: dtype)
    }

    /// Tensor in row-major memory order; itself if it is contiguous already.
    public func contiguous() throws -> Tensor {
        isContiguous ? self : try converted(layout: Int32(CTORCH_CONTIGUOUS))
    }

    /// Tensor `[n, c, h, w]` in channels-last memory order.
    public func channelsLast() throws -> Tensor {
        isChannelsLast ? self : try converted(layout: Int32(CTORCH_CHANNELS_LAST))
    }

    /// Copy with its own elements in the same memory layout.
    public func clone() throws -> Tensor { try converted(copy: true) }

    /// Tensor with the same elements (shared), detached from the autograd graph.
    public func detach() throws -> Tensor {
        try produce("detach") { ctorch_detach($0, handle) }
    }

    /// Overwrites the elements in place with those of `source` (broadcast, converted), without recording.
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

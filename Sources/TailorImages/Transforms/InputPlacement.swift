/// Where an image lies in the network's square input: along each axis `input = scale × image + offset`.
///
/// Coordinates count pixels from the upper left corner; pixel 0 covers 0 to 1, its centre is 0.5.
public struct InputPlacement: Sendable, Hashable {
    /// One axis.
    public struct Axis: Sendable, Hashable {
        /// Input pixels for one pixel of the image, above 0.
        public let scale: Double
        /// Input coordinate of the image's edge; negative where the crop cuts it off.
        public let offset: Double

        /// Input coordinate of an image coordinate.
        func input(_ coordinate: Double) -> Double { scale * coordinate + offset }

        /// Pixels of an image `length` long of which the network sees any part, in an input `size` long.
        func seen(length: Int, size: Int) -> Range<Int> {
            let first = max(0, Int((-offset / scale + 1e-6).rounded(.down)))
            let end = min(length, Int(((Double(size) - offset) / scale - 1e-6).rounded(.up)))
            return min(first, length)..<max(min(first, length), end)
        }
    }

    public let horizontal: Axis
    public let vertical: Axis

    /// The part of an image that the network sees, for an input of `size` × `size` pixels.
    public func seen(width: Int, height: Int, size: Int) -> PixelRect {
        let columns = horizontal.seen(length: width, size: size)
        let rows = vertical.seen(length: height, size: size)
        return PixelRect(
            left: columns.lowerBound, top: rows.lowerBound, width: columns.count, height: rows.count)
    }
}

extension Preprocessing {
    /// Size of a resized image, and the input coordinate of its upper left corner: what the transform does, in numbers.
    ///
    /// - Precondition: both sides are above 0, and `validate` passes.
    func resizing(width: Int, height: Int) -> (width: Int, height: Int, left: Int, top: Int) {
        switch fit {
        case .squash: return (imageSize, imageSize, 0, 0)
        case .pad:
            let long = Double(max(width, height))
            func scaled(_ side: Int) -> Int {
                max(1, Int((Double(side) * Double(imageSize) / long).rounded()))
            }
            let (width, height) = (scaled(width), scaled(height))
            return (width, height, (imageSize - width) / 2, (imageSize - height) / 2)
        case .crop:
            let (short, long) = (min(width, height), max(width, height))
            // torchvision cuts the fraction off the long side, and rounds half to even for the margins.
            let resizedLong = Int(Double(resizeShortSide) * Double(long) / Double(short))
            let (width, height) =
                width <= height ? (resizeShortSide, resizedLong) : (resizedLong, resizeShortSide)
            func margin(_ side: Int) -> Int {
                Int((Double(side - imageSize) / 2).rounded(.toNearestOrEven))
            }
            return (width, height, -margin(width), -margin(height))
        }
    }

    /// Where an image of this size lies in the network's input. Throws `ImageError.invalidArgument` for no size of
    /// an image, and as `validate`.
    public func placement(width: Int, height: Int) throws -> InputPlacement {
        try validate()
        // Beyond that, what follows would not fit its integers.
        guard (1...Int(Int32.max)).contains(width), (1...Int(Int32.max)).contains(height) else {
            throw ImageError.invalidArgument("an image of \(width)×\(height) pixels")
        }
        let resized = resizing(width: width, height: height)
        return InputPlacement(
            horizontal: .init(scale: Double(resized.width) / Double(width), offset: Double(resized.left)),
            vertical: .init(scale: Double(resized.height) / Double(height), offset: Double(resized.top)))
    }
}

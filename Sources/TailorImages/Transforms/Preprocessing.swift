/// The evaluation transform: resizing and normalisation for validation, test, prediction and calibration.
///
/// Stored in models, with one implementation, so that all of them see the same pixels.
public struct Preprocessing: Codable, Sendable, Hashable {
    /// Way to make an image square.
    public enum Fit: String, Codable, CaseIterable, Sendable {
        /// Resizes the short side to `resizeShortSide`, keeps the aspect ratio, cuts out the centre:
        /// torchvision's `Resize(resizeShortSide)` and `CenterCrop(imageSize)`.
        case crop
        /// Resizes the long side to `imageSize`, keeps the aspect ratio, pads with the mean colour (0 once
        /// normalised).
        case pad
        /// Resizes both sides to `imageSize`: torchvision's `Resize((imageSize, imageSize))`.
        case squash
    }

    /// ImageNet's mean of RGB in 0...1.
    public static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
    /// ImageNet's standard deviation of RGB in 0...1.
    public static let imageNetStandardDeviation: [Float] = [0.229, 0.224, 0.225]

    /// Side of the network's square input in pixels, 1...4096.
    public var imageSize: Int
    /// Short side in pixels before the centre is cut out, at least `imageSize`; used by `crop` only.
    public var resizeShortSide: Int
    public var fit: Fit
    /// Mean of red, green and blue in 0...1.
    public var mean: [Float]
    /// Standard deviation of red, green and blue in 0...1; above 0.
    public var standardDeviation: [Float]
    /// Samples of 16-bit images that become black and white; nil for 0 and 65535.
    public var intensityRange: IntensityRange?

    /// Creates a transform, by default ImageNet's at 224 pixels.
    ///
    /// - Parameter resizeShortSide: default `imageSize`; torchvision's evaluation uses 256 for 224.
    public init(
        imageSize: Int = 224, resizeShortSide: Int? = nil, fit: Fit = .crop, mean: [Float] = imageNetMean,
        standardDeviation: [Float] = imageNetStandardDeviation, intensityRange: IntensityRange? = nil
    ) {
        self.imageSize = imageSize
        self.resizeShortSide = resizeShortSide ?? imageSize
        self.fit = fit
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.intensityRange = intensityRange
    }

    /// Decoder of the image files that this transform is for.
    package var decoder: ImageDecoder { ImageDecoder(intensityRange: intensityRange) }

    /// Mean and standard deviation as one value.
    package var normalization: ChannelNormalization {
        ChannelNormalization(mean: mean, standardDeviation: standardDeviation)
    }

    /// Adapts to another image size; the short side before the crop changes in proportion.
    package func scaled(toImageSize size: Int) -> Preprocessing {
        guard size != imageSize, imageSize > 0 else { return self }
        var scaled = self
        let shortSide = (Double(resizeShortSide) * Double(size) / Double(imageSize)).rounded()
        // Clamped so that no recipe overflows `Int`; `validate` refuses what is out of bounds.
        scaled.resizeShortSide = Int(min(max(shortSide, 1), 1e9))
        scaled.imageSize = size
        return scaled
    }

    /// Throws `ImageError.invalidArgument` that names the first number out of range. `resizedAndCropped`
    /// calls it.
    public func validate() throws {
        guard (1...4096).contains(imageSize) else {
            throw ImageError.invalidArgument("image size: expected 1 to 4096 pixels, got \(imageSize)")
        }
        guard fit != .crop || (imageSize...8192).contains(resizeShortSide) else {
            throw ImageError.invalidArgument(
                "short side: expected from the image size (\(imageSize)) to 8192 pixels, got \(resizeShortSide)"
            )
        }
        guard mean.count == 3, mean.allSatisfy(\.isFinite) else {
            throw ImageError.invalidArgument("mean: expected three finite numbers, got \(mean)")
        }
        guard standardDeviation.count == 3, standardDeviation.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw ImageError.invalidArgument(
                "standard deviation: expected three finite numbers above 0, got \(standardDeviation)")
        }
    }

    /// Resizes to the network's input, `imageSize` × `imageSize` pixels, without normalising.
    ///
    /// Throws `ImageError.invalidArgument` as `validate` does.
    public func resizedAndCropped(_ image: RGBImage) throws -> RGBImage {
        try validate()
        switch fit {
        case .crop: return try croppedCentre(image)
        case .pad: return try padded(image)
        case .squash: return try PillowResampling.resize(image, width: imageSize, height: imageSize)
        }
    }

    /// Normalises in single precision, channels last: `[height, width, 3]`.
    ///
    /// - Precondition: `output` holds exactly `image.pixels.count` elements, and `validate` passes.
    package func normalize(_ image: RGBImage, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(output.count == image.pixels.count, "output must hold one element for each byte")
        precondition(mean.count == 3 && standardDeviation.count == 3, "validate() first")
        precondition(image.pixels.count % 3 == 0, "three bytes a pixel")
        let normalization = normalization
        // A table of 3 × 256 results replaces the arithmetic of each pixel.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 768) { table in
            for channel in 0..<3 {
                for level in UInt8.min...UInt8.max {
                    table[3 * Int(level) + channel] = normalization.normalized(level, channel: channel)
                }
            }
            image.pixels.withUnsafeBufferPointer { pixels in
                guard let results = table.baseAddress, let input = pixels.baseAddress,
                    let target = output.baseAddress
                else { return }
                for start in stride(from: 0, to: pixels.count, by: 3) {
                    target[start] = results[3 * Int(input[start])]
                    target[start + 1] = results[3 * Int(input[start + 1]) + 1]
                    target[start + 2] = results[3 * Int(input[start + 2]) + 2]
                }
            }
        }
    }

    /// Resizes and normalises: `[imageSize, imageSize, 3]`, channels last.
    public func apply(to image: RGBImage) throws -> [Float] {
        let ready = try resizedAndCropped(image)
        return [Float](unsafeUninitializedCapacity: ready.pixels.count) { buffer, count in
            normalize(ready, into: UnsafeMutableBufferPointer(rebasing: buffer[0..<ready.pixels.count]))
            count = ready.pixels.count
        }
    }

    private func croppedCentre(_ image: RGBImage) throws -> RGBImage {
        let resized = resizing(width: image.width, height: image.height)
        return try PillowResampling.resize(
            image, width: resized.width, height: resized.height,
            window: PixelRect(left: -resized.left, top: -resized.top, width: imageSize, height: imageSize))
    }

    private func padded(_ image: RGBImage) throws -> RGBImage {
        let (width, height, left, top) = resizing(width: image.width, height: image.height)
        let resized = try PillowResampling.resize(image, width: width, height: height)
        let fill = normalization.meanColor
        var square = try RGBImage(
            width: imageSize, height: imageSize, red: fill[0], green: fill[1], blue: fill[2])
        for y in 0..<height {
            let target = 3 * ((top + y) * imageSize + left)
            square.pixels.replaceSubrange(
                target..<target + 3 * width, with: resized.pixels[3 * width * y..<3 * width * (y + 1)])
        }
        return square
    }
}

/// Mean and standard deviation of red, green and blue, and the forms in which they are applied: grey levels
/// become `(level / 255 − mean) / standardDeviation`.
package struct ChannelNormalization: Sendable, Hashable {
    /// Grey level that stands for 1.
    package static let white: Float = 255

    /// Mean of each channel in 0...1.
    package let mean: [Float]
    /// Standard deviation of each channel in 0...1; above 0.
    package let standardDeviation: [Float]

    package init(mean: [Float], standardDeviation: [Float]) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// The mean in grey levels, 0...255. Exact: in single precision it is the product computed there.
    package var levelMean: [Double] { mean.map { Double(Self.white) * Double($0) } }

    /// The standard deviation in grey levels. Exact, as `levelMean` is.
    package var levelDeviation: [Double] { standardDeviation.map { Double(Self.white) * Double($0) } }

    /// Factor of a grey level, before `offset` is added.
    package var scale: [Float] { levelDeviation.map { 1 / Float($0) } }

    /// Normalised value of grey level 0.
    package var offset: [Float] { zip(mean, standardDeviation).map { -$0 / $1 } }

    /// The 8-bit colour nearest to the mean; nearly 0 once normalised.
    package var meanColor: [UInt8] { levelMean.map { UInt8(max(0, min(255, Float($0).rounded()))) } }

    /// Normalises a grey level in single precision, operation by operation as torchvision does.
    package func normalized(_ level: UInt8, channel: Int) -> Float {
        (Float(level) / Self.white - mean[channel]) / standardDeviation[channel]
    }
}

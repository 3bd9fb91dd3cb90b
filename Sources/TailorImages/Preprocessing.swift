/// The transform of every evaluation: validation, test, prediction, calibration, serving. One value,
/// stored in models, and one implementation, so that all of them see the same pixels.
public struct Preprocessing: Codable, Sendable, Hashable {
    /// How a picture that is not square becomes square.
    public enum Fit: String, Codable, CaseIterable, Sendable {
        /// Short side to `resizeShortSide`, aspect kept, then the centre: torchvision's
        /// `Resize(resizeShortSide)` and `CenterCrop(imageSize)`.
        case crop
        /// Long side to `imageSize`, aspect kept, centred on the mean colour (zero once normalised).
        case pad
        /// Both sides to `imageSize`, aspect lost: torchvision's `Resize((imageSize, imageSize))`.
        case squash
    }

    /// ImageNet's, of RGB in 0...1.
    public static let imageNetMean: [Float] = [0.485, 0.456, 0.406]
    /// ImageNet's, of RGB in 0...1.
    public static let imageNetStandardDeviation: [Float] = [0.229, 0.224, 0.225]

    /// Side of the square that the network sees, pixels; 1...4096.
    public var imageSize: Int
    /// Short side before the centre is cut out, pixels; at least `imageSize`. Only `crop` reads it.
    public var resizeShortSide: Int
    public var fit: Fit
    /// Of red, green, blue in 0...1.
    public var mean: [Float]
    /// Of red, green, blue in 0...1; above 0.
    public var standardDeviation: [Float]

    /// - Parameter resizeShortSide: default `imageSize`; torchvision's evaluation uses 256 for 224.
    public init(
        imageSize: Int = 224, resizeShortSide: Int? = nil, fit: Fit = .crop, mean: [Float] = imageNetMean,
        standardDeviation: [Float] = imageNetStandardDeviation
    ) {
        self.imageSize = imageSize
        self.resizeShortSide = resizeShortSide ?? imageSize
        self.fit = fit
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// The same two as the value that all normalisation takes its numbers from.
    package var normalization: ChannelNormalization {
        ChannelNormalization(mean: mean, standardDeviation: standardDeviation)
    }

    /// For images of another side; the short side before the crop changes in proportion.
    public func scaled(toImageSize size: Int) -> Preprocessing {
        guard size != imageSize, imageSize > 0 else { return self }
        var scaled = self
        let shortSide = (Double(resizeShortSide) * Double(size) / Double(imageSize)).rounded()
        // Whatever numbers a recipe holds; `validate` refuses what is out of all bounds.
        scaled.resizeShortSide = Int(min(max(shortSide, 1), 1e9))
        scaled.imageSize = size
        return scaled
    }

    /// Throws `ImageError.invalidArgument` that names the first number out of range. To be called on
    /// what a user or a model file supplied; `resizedAndCropped` does.
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

    /// The picture as the network sees it, before normalisation: `imageSize` × `imageSize`.
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

    /// The picture normalised in single precision, channels last: `[height, width, 3]`.
    ///
    /// - Precondition: `output` holds exactly `image.pixels.count` elements, and `validate` passes.
    public func normalize(_ image: RGBImage, into output: UnsafeMutableBufferPointer<Float>) {
        precondition(output.count == image.pixels.count, "output must hold one element for each byte")
        precondition(mean.count == 3 && standardDeviation.count == 3, "validate() first")
        precondition(image.pixels.count % 3 == 0, "three bytes a pixel")
        let normalization = normalization
        // 768 results are all there are.
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

    /// Resizing and normalising in one: `[imageSize, imageSize, 3]`, channels last.
    public func apply(to image: RGBImage) throws -> [Float] {
        let ready = try resizedAndCropped(image)
        return [Float](unsafeUninitializedCapacity: ready.pixels.count) { buffer, count in
            normalize(ready, into: UnsafeMutableBufferPointer(rebasing: buffer[0..<ready.pixels.count]))
            count = ready.pixels.count
        }
    }

    private func croppedCentre(_ image: RGBImage) throws -> RGBImage {
        let short = min(image.width, image.height)
        let long = max(image.width, image.height)
        // torchvision cuts the fraction off the long side, and rounds half to even for the margins.
        let resizedLong = Int(Double(resizeShortSide) * Double(long) / Double(short))
        let (width, height) =
            image.width <= image.height ? (resizeShortSide, resizedLong) : (resizedLong, resizeShortSide)
        func margin(_ side: Int) -> Int { Int((Double(side - imageSize) / 2).rounded(.toNearestOrEven)) }
        return try PillowResampling.resize(
            image, width: width, height: height,
            window: PixelRect(left: margin(width), top: margin(height), width: imageSize, height: imageSize))
    }

    private func padded(_ image: RGBImage) throws -> RGBImage {
        let long = Double(max(image.width, image.height))
        func scaled(_ side: Int) -> Int { max(1, Int((Double(side) * Double(imageSize) / long).rounded())) }
        let (width, height) = (scaled(image.width), scaled(image.height))
        let resized = try PillowResampling.resize(image, width: width, height: height)
        let fill = normalization.meanColor
        var square = try RGBImage(
            width: imageSize, height: imageSize, red: fill[0], green: fill[1], blue: fill[2])
        let left = (imageSize - width) / 2
        let top = (imageSize - height) / 2
        for y in 0..<height {
            let target = 3 * ((top + y) * imageSize + left)
            square.pixels.replaceSubrange(
                target..<target + 3 * width, with: resized.pixels[3 * width * y..<3 * width * (y + 1)])
        }
        return square
    }
}

/// A file whose header has been read and whose pixels have not.
///
/// Lives no longer than the bytes it reads from; one thread at a time.
protocol EncodedImage {
    var facts: ImageFacts { get }
    /// The pixels as stored, before orientation. Once only.
    func decode() throws -> RGBImage
}

extension EncodedImage {
    /// Lets `fill` write the `3 × width × height` bytes of the picture.
    func makeImage(_ fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) throws -> RGBImage {
        guard let bytes = RGBImage.byteCount(width: facts.width, height: facts.height) else {
            throw ImageError.invalidArgument("an image of \(facts.width)×\(facts.height) pixels")
        }
        let pixels = try [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
            try fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<bytes]))
            count = bytes
        }
        return RGBImage(unchecked: pixels, width: facts.width, height: facts.height)
    }
}

/// A C function's message.
func message(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

import CVIPS
import Foundation

/// A PNG, TIFF, WebP, GIF or HEIF file, decoded by libvips.
final class VIPSFile: EncodedImage {
    let facts: ImageFacts
    private let path: String
    private let bytes: UnsafeRawBufferPointer
    /// What libvips reads from, as long as `image` is there.
    private let input: VIPSInput
    private let image: OpaquePointer

    init(
        _ bytes: UnsafeRawBufferPointer, format: ImageFormat, path: String, limits: ImageDecoder.Limits
    ) throws {
        guard let loader = Self.loader(format) else {
            throw ImageError.unsupported(path: path, format: format, reason: "not read through libvips")
        }
        var image: OpaquePointer?
        var info = tailor_vips_info()
        var text = [CChar](repeating: 0, count: Int(TAILOR_VIPS_MESSAGE_SIZE))
        input = try VIPSInput(bytes, format: format, path: path, limits: limits)
        let tags = input.directory
        let status = tailor_vips_open(
            &image, &info, input.bytes.baseAddress, input.bytes.count, loader, Self.alpha(tags), &text)
        guard status == TAILOR_VIPS_OK, let image else {
            throw Self.error(status, message(text), path: path, format: format, bytes: bytes, directory: tags)
        }
        self.image = image
        self.path = path
        self.bytes = bytes
        let model: ImageFacts.ColorModel =
            switch (info.colors, info.alpha != 0) {
            case (4, _): .cmyk
            case (1, false): .grey
            case (1, true): .greyWithAlpha
            case (_, false): .rgb
            case (_, true): .rgbWithAlpha
            }
        // libvips says 1 for a TIFF without the tag, and has turned a HEIF already, whatever its XMP says.
        let isSilent = format == .tiff ? tags?.values(of: Orientation.tag) == nil : info.orientation == 0
        let given = format == .heif ? nil : UnsafeRawBufferPointer(start: info.xmp, count: info.xmp_size)
        let xmp = (input.xmp ?? given)?.prefix(limits.maximumMetadataBytes)
        facts = ImageFacts(
            format: format, width: Int(info.width), height: Int(info.height), colorModel: model,
            bitsPerSample: Int(info.bits),
            orientation: Orientation(
                exif: input.orientation ?? (isSilent ? nil : Int(info.orientation)),
                xmp: xmp.map(UnsafeRawBufferPointer.init(rebasing:))),
            droppedBands: Int(info.dropped))
        try limits.checkSize(width: facts.width, height: facts.height, path: path)
        try input.checkMemory(width: facts.width, height: facts.height)
    }

    /// Band of a TIFF that its ExtraSamples tag calls alpha, counted from the last (1); 0 if there is none.
    private static func alpha(_ tags: TIFFDirectory?) -> Int32 {
        let extra = tags?.values(of: 338) ?? []
        // 1: associated, 2: unassociated; 999: what CorelDRAW wrote for the latter.
        return extra.firstIndex { [1, 2, 999].contains($0) }.map { Int32(extra.count - $0) } ?? 0
    }

    deinit { tailor_vips_close(image) }

    func decode(_ range: IntensityRange?) throws -> RGBImage {
        try makeUprightImage { buffer, rows in
            var text = [CChar](repeating: 0, count: Int(TAILOR_VIPS_MESSAGE_SIZE))
            let status = tailor_vips_read(
                image, UInt16(range?.low ?? 0), UInt16(range?.high ?? 0), buffer.baseAddress, buffer.count,
                Int64(rows), &text)
            guard status == TAILOR_VIPS_OK else {
                throw Self.error(
                    status, message(text), path: path, format: facts.format, bytes: bytes,
                    directory: input.directory)
            }
        }
    }

    var largestSample: Int? {
        let largest = Int(tailor_vips_largest(image))
        return largest < 0 ? nil : largest
    }

    private static func loader(_ format: ImageFormat) -> tailor_vips_format? {
        switch format {
        case .png: TAILOR_VIPS_PNG
        case .tiff: TAILOR_VIPS_TIFF
        case .webp: TAILOR_VIPS_WEBP
        case .gif: TAILOR_VIPS_GIF
        case .heif: TAILOR_VIPS_HEIF
        case .jpeg, .bmp, .pnm: nil
        }
    }

    private static func error(
        _ status: tailor_vips_status, _ text: String, path: String, format: ImageFormat,
        bytes: UnsafeRawBufferPointer, directory: TIFFDirectory?
    ) -> ImageError {
        // libvips names its own functions; people hear what happened first.
        func reason(_ what: String) -> String {
            text.isEmpty || text == what ? what : "\(what) (libvips: \(text))"
        }
        switch status {
        case TAILOR_VIPS_UNSUPPORTED: return .unsupported(path: path, format: format, reason: text)
        case TAILOR_VIPS_NO_MEMORY:
            return .tooCostly(path: path, format: format, reason: reason("there is too little memory for it"))
        case _ where text.contains("not supported"):
            return .unsupported(
                path: path, format: format, reason: reason("libvips does not read this variant"))
        default:
            return endsEarly(bytes, format: format)
                ? .truncated(
                    path: path, format: format, reason: reason("the file ends before the picture does"))
                : .corrupt(
                    path: path, format: format,
                    reason: text.isEmpty ? undecodable(format, directory) : reason(plain))
        }
    }

    private static let plain = "the pixels cannot be decoded"

    /// What is wrong with pixels of which libvips says no more than that.
    private static func undecodable(_ format: ImageFormat, _ directory: TIFFDirectory?) -> String {
        switch format {
        case .heif: "\(plain), or libheif was built without their decoder"
        case .tiff: directory?.value(of: 259).map { "\(plain) (compression \($0))" } ?? plain
        case .png, .webp, .gif, .jpeg, .bmp, .pnm: plain
        }
    }

    /// True if the container announces more bytes than there are; libvips's messages do not say so.
    private static func endsEarly(_ bytes: UnsafeRawBufferPointer, format: ImageFormat) -> Bool {
        func integer(at offset: Int, bigEndian: Bool) -> Int {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            return Int(bigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
        }
        switch format {
        case .png:  // chunks of length, name, content, checksum, up to IEND
            var offset = 8
            while offset + 12 <= bytes.count {
                if integer(at: offset + 4, bigEndian: true) == 0x4945_4E44 { return false }
                offset += 12 + integer(at: offset, bigEndian: true)
            }
            return true
        case .webp: return bytes.count < 12 || integer(at: 4, bigEndian: false) + 8 > bytes.count
        case .gif: return bytes.last != 0x3B
        case .tiff, .heif, .jpeg, .bmp, .pnm: return false
        }
    }
}

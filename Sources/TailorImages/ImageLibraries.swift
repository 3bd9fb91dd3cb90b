import CTurboJPEG
import CVIPS

/// What reads the images on this machine.
public enum ImageLibraries {
    /// `libjpeg-turbo 2.1.5`: as compiled against.
    public static var jpegVersion: String { String(cString: tailor_jpeg_version()) }

    /// `8.14.1`: as running; nil when libvips does not start.
    public static var vipsVersion: String? { tailor_vips_version().map { String(cString: $0) } }

    /// The formats that can be read here: a libvips may be built without some.
    public static var readableFormats: [ImageFormat] {
        let optional: [(ImageFormat, tailor_vips_format)] = [
            (.png, TAILOR_VIPS_PNG), (.tiff, TAILOR_VIPS_TIFF), (.webp, TAILOR_VIPS_WEBP),
            (.gif, TAILOR_VIPS_GIF), (.heif, TAILOR_VIPS_HEIF),
        ]
        return [.jpeg, .bmp, .pnm] + optional.filter { tailor_vips_reads($0.1) != 0 }.map(\.0)
    }
}

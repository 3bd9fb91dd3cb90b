import TailorSupport

extension ImageFormat {
    /// What a file's name or path announces, by its extension in upper or lower case; nil when that is no image's.
    /// Which files of a folder are images goes by this, and how one is decoded by its content.
    package init?(named name: String) {
        guard let format = fileExtension(of: name).flatMap({ Self.extensions[$0] }) else { return nil }
        self = format
    }

    private static let extensions: [String: ImageFormat] = [
        "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg, "png": .png, "ppm": .pnm, "pgm": .pnm,
        "pbm": .pnm, "pnm": .pnm, "bmp": .bmp, "dib": .bmp, "tif": .tiff, "tiff": .tiff, "webp": .webp,
        "gif": .gif, "heic": .heif, "heif": .heif, "avif": .heif,
    ]
}

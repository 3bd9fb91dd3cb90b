import TailorImages
import TailorSupport

/// One or two files of another format among many of one: more often a "not found" picture or a scan of
/// something else than a photograph.
func strangerWarnings(_ images: [ScreenedImage]) -> [String] {
    let byFormat = Dictionary(grouping: images, by: \.format)
    guard let usual = byFormat.max(by: { $0.value.count < $1.value.count }), usual.value.count >= 50 else {
        return []
    }
    return ImageFormat.allCases.compactMap { format in
        guard format != usual.key, let strangers = byFormat[format], strangers.count <= 2 else { return nil }
        let paths = strangers.map(\.sample.relativePath).listed()
        return "\(strangers.count) \(format) among \(usual.value.count) \(usual.key) images: \(paths). "
            + "Look whether it belongs there"
    }
}

/// Files that are named as another format than they are; they are read by content.
func misnamedNotes(_ images: [ScreenedImage]) -> [String] {
    let misnamed = images.filter { image in
        let named = ImageFormat(named: image.sample.relativePath)
        return named != nil && named != image.format
    }
    guard !misnamed.isEmpty else { return [] }
    let listed = misnamed.map { "\($0.sample.relativePath) (\($0.format))" }.listed(limit: 3)
    return [
        "\(counted(misnamed.count, "image")) of another format than the name says, read by content: \(listed)"
    ]
}

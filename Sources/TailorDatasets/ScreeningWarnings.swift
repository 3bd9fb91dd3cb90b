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
        let named = IgnoredEntries.fileExtension(image.sample.relativePath).flatMap(IgnoredEntries.format)
        return named != nil && named != image.format
    }
    guard !misnamed.isEmpty else { return [] }
    let listed = misnamed.map { "\($0.sample.relativePath) (\($0.format))" }.listed(limit: 3)
    return [
        "\(counted(misnamed.count, "image")) of another format than the name says, read by content: \(listed)"
    ]
}

/// The same pixels under two classes: the hashes are at hand, and such a pair cannot be learnt.
func relabelledWarnings(_ train: [ScreenedImage]) -> [String] {
    var first: [String: ScreenedImage] = [:]
    var pairs: [(ScreenedImage, ScreenedImage)] = []
    for image in train {
        if let earlier = first[image.pixelHash] {
            if earlier.sample.label != image.sample.label { pairs.append((earlier, image)) }
        } else {
            first[image.pixelHash] = image
        }
    }
    return pairs.isEmpty ? [] : ["the same picture under two classes of train: \(described(pairs))"]
}

/// The same pixels on both sides.
func leakWarnings(train: [ScreenedImage], validation: [ScreenedImage]) -> [String] {
    let first = Dictionary(train.map { ($0.pixelHash, $0) }, uniquingKeysWith: { first, _ in first })
    let pairs = validation.compactMap { image in first[image.pixelHash].map { ($0, image) } }
    guard !pairs.isEmpty else { return [] }
    return ["the same picture in train and in validation, which flatters validation: \(described(pairs))"]
}

private func described(_ pairs: [(ScreenedImage, ScreenedImage)]) -> String {
    pairs.map { "\($0.sample.relativePath) = \($1.sample.relativePath)" }.listed(limit: 3)
}

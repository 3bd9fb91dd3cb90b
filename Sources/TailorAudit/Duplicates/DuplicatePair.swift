/// Pair of images of a dataset that show the same.
package struct DuplicatePair: Sendable, Hashable {
    package enum Kind: Int, Sendable, CaseIterable, Comparable {
        /// Identical files.
        case bytes
        /// Different files with identical pixels.
        case pixels
        /// Same image re-encoded, resized, brightened, rotated or mirrored.
        case copy
        /// Crop of the other image (or of a copy of it); or, of small images, shifted.
        case crop
        /// Same subject twice, such as sister wafers or consecutive frames, but not the same image.
        case sibling
        /// Thumbnails that agree as those of crops do, in images that do not agree block by block.
        case lookalike

        package static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }

        /// Kinds of a whole picture in two files, of which one is superfluous.
        package static let wholeCopies: Set<Kind> = [.bytes, .pixels, .copy]
        /// Kinds of one picture, or a part of it, in two files.
        package static let copies: Set<Kind> = [.bytes, .pixels, .copy, .crop]
    }

    /// Smaller index of the two; `second` is the larger.
    package let first: Int
    package let second: Int
    package let kind: Kind
    /// Correlation after removing low frequencies and the dataset's common structure, 0…1; for `crop` the share of
    /// blocks that agree, for `lookalike` and small images the correlation without low frequencies.
    package let score: Float
}

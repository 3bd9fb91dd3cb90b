import Synchronization
import TailorDatasets
import TailorImages

/// An image for comparisons at a higher resolution than thumbnails have.
struct VerifiedPicture: Sendable {
    /// Size of the image in pixels.
    let width: Int
    let height: Int
    /// Luminance, 0…255, of the image reduced to `columns` × `rows`.
    private let columns: Int
    private let rows: Int
    private let levels: [UInt8]

    /// Short side above which the image is reduced, pixels.
    private static let kept = 512.0

    /// Nil when the image is none, or cannot be reduced.
    init?(_ image: RGBImage) {
        guard image.width > 0, image.height > 0, image.pixels.count == 3 * image.width * image.height else {
            return nil
        }
        var luminance = Luminance(image)
        let share = min(1, Self.kept / Double(min(image.width, image.height)))
        if share < 1 {
            let columns = Int((Double(image.width) * share).rounded())
            let rows = Int((Double(image.height) * share).rounded())
            guard let small = try? PillowResampling.resize(image, width: columns, height: rows) else {
                return nil
            }
            luminance = Luminance(small)
        }
        self.init(width: image.width, height: image.height, luminance: luminance)
    }

    private init(width: Int, height: Int, luminance: Luminance) {
        (self.width, self.height) = (width, height)
        (columns, rows) = (luminance.width, luminance.height)
        levels = luminance.values.map { UInt8(max(0, min(255, $0.rounded()))) }
    }

    var luminance: Luminance { Luminance(width: columns, height: rows, values: levels.map(Float.init)) }

    /// In one of the eight orientations, numbered as ``GreyImage/variant(_:)`` does.
    func variant(_ number: Int) -> VerifiedPicture {
        guard number != 0 else { return self }
        let isTransposed = number & 4 != 0
        return VerifiedPicture(
            width: isTransposed ? height : width, height: isTransposed ? width : height,
            luminance: luminance.variant(number))
    }

    var bytes: Int { levels.count }
}

/// The images of a dataset for comparisons in detail: read again where they are not in memory, and kept as long as
/// there is room.
///
/// A file that cannot be read any more has none; what is compared with it stays a claim.
package final class VerifiedPictures: Sendable {
    private struct Kept: Sendable {
        var pictures: [Int: VerifiedPicture] = [:]
        var bytes = 0
    }

    private let load: @Sendable (Int) -> RGBImage?
    private let byteBudget: Int
    private let kept = Mutex(Kept())

    /// - Parameters:
    ///   - byteBudget: bytes of reduced images kept.
    ///   - load: upright image by its index; called from several threads.
    package init(byteBudget: Int = 384 << 20, load: @escaping @Sendable (Int) -> RGBImage?) {
        self.byteBudget = byteBudget
        self.load = load
    }

    /// Pictures of files: as `decoded` has them, or read again.
    convenience init(of samples: [Sample], decoded: DecodedImageCache? = nil, decoder: ImageDecoder) {
        self.init { index in
            decoded?.image(for: samples[index]) ?? (try? decoder.decode(contentsOf: samples[index].url))
        }
    }

    subscript(index: Int) -> VerifiedPicture? {
        if let picture = kept.withLock({ $0.pictures[index] }) { return picture }
        guard let picture = load(index).flatMap(VerifiedPicture.init) else { return nil }
        kept.withLock { kept in
            guard kept.pictures[index] == nil, kept.bytes + picture.bytes <= byteBudget else { return }
            kept.pictures[index] = picture
            kept.bytes += picture.bytes
        }
        return picture
    }
}

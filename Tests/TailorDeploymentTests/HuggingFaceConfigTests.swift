import Foundation
import Tailor
import TestSupport
import Testing

/// timm's way to say how images are prepared.
@Suite struct HuggingFaceConfigTests {
    /// timm resizes to ⌊size / share⌋ in double precision.
    @Test func theShareGivesTheShortSideBack() {
        for size in [1, 7, 32, 96, 160, 224, 225, 299, 384, 512, 1021, 4096] {
            for extra in [0, 1, 2, 13, 31, 32, 64, 100, 999, 4096] {
                let wanted = size + extra
                let share = HuggingFaceConfig.cropShare(
                    Preprocessing(imageSize: size, resizeShortSide: wanted))
                #expect(Int((Double(size) / share).rounded(.down)) == wanted, "\(size) \(wanted)")
            }
        }
        for fit in [Preprocessing.Fit.pad, .squash] {
            #expect(HuggingFaceConfig.cropShare(Preprocessing(resizeShortSide: 256, fit: fit)) == 1)
        }
    }
}

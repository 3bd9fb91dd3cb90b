import Foundation
import TailorImages
import TailorSupport
import TestSupport
import Testing

/// Colours and angles against Pillow and torchvision: equal, level for level.
@Suite struct AugmentationTests {
    @Test func coloursAreThoseOfPillow() throws {
        let golden = try Golden.load()
        let source = try Golden.image(golden.small)
        #expect(golden.color.count == 25)
        for item in golden.color {
            let changed =
                switch item.operation {
                case "brightness": try source.adjustingBrightness(item.value)
                case "contrast": try source.adjustingContrast(item.value)
                case "saturation": try source.adjustingSaturation(item.value)
                default: try source.adjustingHue(item.value)
                }
            let expected = try Golden.image(item.expected, source.width, source.height)
            #expect(changed.largestDifference(from: expected) == 0, "\(item.operation) \(item.value)")
        }
    }

    @Test func everyHueIsPillows() throws {
        let golden = try Golden.load().hueGrid
        let levels = stride(from: 0, through: 255, by: golden.step).map { UInt8($0) }
        var pixels: [UInt8] = []
        for red in levels { for green in levels { for blue in levels { pixels += [red, green, blue] } } }
        let grid = try RGBImage(width: pixels.count / 3, height: 1, pixels: pixels)
        let expected = try Golden.image(golden.expected, grid.width, 1)
        // numpy's meshgrid with "ij" indexing runs through the colours in the same order.
        #expect(try grid.adjustingHue(golden.value).largestDifference(from: expected) == 0)
    }

    @Test func anglesAreThoseOfPillow() throws {
        let golden = try Golden.load()
        let source = try Golden.image(golden.small)
        for item in golden.rotate {
            let expected = try Golden.image(item.expected, source.width, source.height)
            let turned = try source.rotated(byDegrees: item.degrees)
            #expect(turned.largestDifference(from: expected) == 0, "\(item.degrees)°")
        }
    }

    @Test func flipsExchangeTheSides() throws {
        let image = try RGBImage(width: 2, height: 2, pixels: [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
        #expect(try image.flippedHorizontally().pixels == [2, 2, 2, 1, 1, 1, 4, 4, 4, 3, 3, 3])
        #expect(try image.flippedVertically().pixels == [3, 3, 3, 4, 4, 4, 1, 1, 1, 2, 2, 2])
    }

    /// The area and ratio asked for, every place reached, over many draws.
    @Test func cropsFollowTheirParameters() {
        let augmentation = Augmentation(randomCrop: true, cropScale: 0.25...0.5, cropRatio: 0.5...2)
        var generator = SeededGenerator(seed: 7)
        var areas: [Double] = []
        var logRatios: [Double] = []
        for _ in 0..<4000 {
            let crop = augmentation.cropRectangle(width: 400, height: 400, using: &generator)
            #expect(crop.left >= 0 && crop.top >= 0)
            #expect(crop.left + crop.width <= 400 && crop.top + crop.height <= 400)
            areas.append(Double(crop.width * crop.height) / 160_000)
            logRatios.append(log(Double(crop.width) / Double(crop.height)))
        }
        #expect(areas.allSatisfy { (0.245...0.505).contains($0) })
        #expect(logRatios.allSatisfy { abs($0) < log(2.0) + 0.02 })
        // Uniform: the mean of 4,000 draws lies within five standard errors.
        let meanArea = areas.reduce(0, +) / 4000
        let areaError = 0.25 / (12.0 * 4000).squareRoot()
        expectClose(meanArea, 0.375, absolute: 5 * areaError)
        let meanLogRatio = logRatios.reduce(0, +) / 4000
        let logRatioError = 2 * log(2.0) / (12.0 * 4000).squareRoot()
        expectClose(meanLogRatio, 0, absolute: 5 * logRatioError)
    }

    /// What torchvision falls back to when no try fits.
    @Test(arguments: [
        (1, 10000, PixelRect(left: 0, top: 4999, width: 1, height: 1)),
        (1000, 10, PixelRect(left: 493, top: 0, width: 13, height: 10)),
        (30, 3000, PixelRect(left: 0, top: 1480, width: 30, height: 40)),
    ])
    func elongatedPicturesFallBackToTheCentre(_ width: Int, _ height: Int, _ expected: PixelRect) {
        var generator = SeededGenerator(seed: 1)
        let crop = Augmentation(randomCrop: true, cropScale: 0.9...1).cropRectangle(
            width: width, height: height, using: &generator)
        #expect(crop == expected)
    }

    @Test func theSameGeneratorGivesTheSamePicture() throws {
        let source = try Golden.image(try Golden.load().source)
        var everything = Augmentation.standard
        everything.verticalFlip = 0.5
        everything.rotationDegrees = 20
        everything.contrast = 0.3
        everything.saturation = 0.3
        everything.hue = 0.1
        func make(_ index: UInt64) throws -> RGBImage {
            var generator = SeededGenerator(seed: 5, streams: 2, index)
            return try everything.apply(to: source, size: 32, using: &generator)
        }
        #expect(try make(3) == make(3))
        #expect(try make(3) != make(4))
        #expect(try make(3).width == 32)
    }

    @Test func noneIsTheEvaluationTransform() throws {
        let source = try Golden.image(try Golden.load().source)
        var generator = SeededGenerator(seed: 1)
        let result = try Augmentation.none.apply(to: source, size: 32, using: &generator)
        #expect(try result == Preprocessing(imageSize: 32).resizedAndCropped(source))
        #expect(Augmentation.none.isIdentity)
        for name in Augmentation.presetNames where name != "none" {
            #expect(try !Augmentation.preset(named: name).isIdentity)
        }
    }

    @Test func withoutARandomCropTheFitHolds() throws {
        let source = try RGBImage(width: 60, height: 30, red: 200, green: 10, blue: 90)
        let mirror = Augmentation(horizontalFlip: 1)
        for fit in Preprocessing.Fit.allCases {
            let preprocessing = Preprocessing(imageSize: 32, resizeShortSide: 40, fit: fit)
            var generator = SeededGenerator(seed: 1)
            let result = try mirror.apply(to: source, preprocessing: preprocessing, using: &generator)
            #expect(
                try result == preprocessing.resizedAndCropped(source).flippedHorizontally(), "\(fit)")
        }
        #expect(
            Preprocessing(imageSize: 224, resizeShortSide: 256).scaled(toImageSize: 112).resizeShortSide
                == 128)
    }

    @Test func presetsAreAsDocumented() throws {
        #expect(Augmentation.guide.cropScale == 0.08...1)
        #expect(Augmentation.standard.cropScale == 0.35...1)
        #expect(Augmentation.inspection.brightness == 0)
        #expect(Augmentation.inspection.verticalFlip == 0.5)
        #expect(
            throws: ImageError.invalidArgument(
                "augmentation: expected one of standard, inspection, guide, none, got x")
        ) { try Augmentation.preset(named: "x") }
        let copy = try JSONDecoder().decode(
            Augmentation.self, from: JSONEncoder().encode(Augmentation.inspection))
        #expect(copy == .inspection)
    }

    @Test func parametersOutOfRangeAreNamed() {
        func message(_ change: (inout Augmentation) -> Void) -> String {
            var augmentation = Augmentation.standard
            change(&augmentation)
            do {
                try augmentation.validate()
                return "no error"
            } catch {
                return "\(error)"
            }
        }
        #expect(message { $0.hue = 0.6 } == "invalid argument: hue: expected 0.0 to 0.5, got 0.6")
        #expect(
            message { $0.horizontalFlip = .nan }
                == "invalid argument: horizontal flip probability: expected 0.0 to 1.0, got nan")
        #expect(
            message { $0.cropScale = 0...1 }
                == "invalid argument: crop scale: expected above 0 to 1, got 0.0 to 1.0")
        #expect(message { _ in } == "no error")
    }
}

import Foundation
import TailorImages
import TestSupport
import Testing

/// Against Pillow's `resize` and torchvision's transforms: equal, level for level.
@Suite struct ResamplingTests {
    @Test func resizedPixelsAreThoseOfPillow() throws {
        let golden = try Golden.load()
        let source = try Golden.image(golden.source)
        for (index, item) in golden.resize.enumerated() {
            let box = PixelRect(
                left: item.box[0], top: item.box[1], width: item.box[2] - item.box[0],
                height: item.box[3] - item.box[1])
            let resized = try PillowResampling.resize(
                source, crop: box, width: item.width, height: item.height)
            let expected = try Golden.image(item.expected, item.width, item.height)
            #expect(resized.largestDifference(from: expected) == 0, "case \(index): \(item)")
        }
    }

    /// In both orders of the passes: the first size resamples vertically first, the second horizontally.
    @Test(arguments: [(100, 33), (50, 60)])
    func aWindowIsAPartOfTheWhole(_ width: Int, _ height: Int) throws {
        let source = try Golden.image(try Golden.load().source)
        let whole = try PillowResampling.resize(source, width: width, height: height)
        let window = PixelRect(left: 7, top: 5, width: 40, height: 21)
        let part = try PillowResampling.resize(source, width: width, height: height, window: window)
        let cut = try PillowResampling.resize(whole, crop: window, width: 40, height: 21)
        #expect(part == cut)
    }

    @Test func tensorsAreThoseOfTorchvision() throws {
        let golden = try Golden.load()
        for (index, item) in golden.preprocess.enumerated() {
            let input = try Golden.image(item.input == "tall" ? golden.tall : golden.source)
            let preprocessing = Preprocessing(
                imageSize: item.size, resizeShortSide: item.shortSide, fit: item.fit)
            let values = try preprocessing.apply(to: input)
            let expected = try Golden.files.data(item.expected).withUnsafeBytes {
                Array($0.bindMemory(to: Float.self))
            }
            // One unit in the last place: torch may divide by multiplying.
            expectClose(values, expected, absolute: 1e-6, "case \(index): \(item)")
        }
    }

    @Test func extremeShapesAreBounded() throws {
        for (width, height) in [(1, 1), (1, 10000), (10000, 1), (2, 100_000)] {
            let image = try RGBImage(width: width, height: height, red: 10, green: 20, blue: 30)
            for fit in Preprocessing.Fit.allCases {
                let ready = try Preprocessing(imageSize: 32, fit: fit).resizedAndCropped(image)
                #expect(ready.width == 32)
                #expect(ready.height == 32)
                let middle = 3 * (15 * 32 + 15)
                #expect(Array(ready.pixels[middle..<middle + 3]) == [10, 20, 30])
            }
        }
    }

    @Test func badNumbersAreNamed() throws {
        let image = try RGBImage(width: 4, height: 4, red: 0, green: 0, blue: 0)
        func message(_ preprocessing: Preprocessing) -> String {
            do {
                _ = try preprocessing.resizedAndCropped(image)
                return "no error"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            message(Preprocessing(imageSize: 0))
                == "invalid argument: image size: expected 1 to 4096 pixels, got 0")
        #expect(
            message(Preprocessing(imageSize: 224, resizeShortSide: 100))
                == "invalid argument: short side: expected from the image size (224) to 8192 pixels, got 100")
        #expect(
            message(Preprocessing(mean: [1]))
                == "invalid argument: mean: expected three finite numbers, got [1.0]")
        #expect(
            message(Preprocessing(standardDeviation: [1, 0, 1]))
                == "invalid argument: standard deviation: expected three finite numbers above 0, got [1.0, 0.0, 1.0]"
        )
        #expect(throws: ImageError.self) { try PillowResampling.resize(image, width: 0, height: 3) }
        #expect(throws: ImageError.self) {
            try PillowResampling.resize(
                image, crop: PixelRect(left: 2, top: 0, width: 3, height: 1), width: 3, height: 3)
        }
        #expect(throws: ImageError.self) { try RGBImage(width: 2, height: 2, pixels: [1]) }
    }

    @Test func preprocessingSurvivesStorage() throws {
        let value = Preprocessing(imageSize: 160, resizeShortSide: 176, fit: .pad, mean: [0.1, 0.2, 0.3])
        let copy = try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(value))
        #expect(copy == value)
    }
}

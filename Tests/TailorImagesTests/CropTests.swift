import TailorImages
import TestSupport
import Testing

@Suite struct CropTests {
    /// 5 × 4 pixels: column, row, 9.
    private let image: RGBImage

    init() throws {
        image = try TestImage.coordinates(width: 5, height: 4, blue: 9)
    }

    @Test func aPart() throws {
        let part = try image.cropped(to: PixelRect(left: 3, top: 1, width: 2, height: 2))
        #expect(part.width == 2 && part.height == 2)
        #expect(part.pixels == [3, 1, 9, 4, 1, 9, 3, 2, 9, 4, 2, 9])
        #expect(try image.cropped(to: PixelRect(left: 0, top: 0, width: 5, height: 4)) == image)
    }

    @Test(arguments: [
        (-1, 0, 2, 2), (0, 0, 6, 1), (4, 0, 2, 1), (0, 3, 1, 2), (0, 0, 0, 1), (5, 0, 1, 1),
        (.max, 0, 1, 1), (0, 0, .max, .max),
    ])
    func beyondThePicture(x: Int, y: Int, width: Int, height: Int) {
        let error = #expect(throws: ImageError.self) {
            try image.cropped(to: PixelRect(left: x, top: y, width: width, height: height))
        }
        #expect(
            error?.description
                == "invalid argument: a crop of \(width)×\(height) pixels at \(x), \(y) of an image of 5×4")
    }
}

import Foundation
import TailorImages
import TestSupport
import Testing

/// Activation maps in the image's own pixels, and drawn.
struct HeatMapTests {
    private func grid(_ rows: [[Float]]) -> ActivationGrid {
        ActivationGrid(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 })
    }

    /// The placement says what the transform does: a dot is found where it says, and what lies outside is not seen.
    @Test(arguments: Preprocessing.Fit.allCases) func placementIsWhatTheTransformDoes(
        _ fit: Preprocessing.Fit
    ) throws {
        let preprocessing = Preprocessing(imageSize: 64, resizeShortSide: 80, fit: fit)
        for (width, height) in [(160, 90), (90, 160), (333, 111), (64, 64), (50, 41)] {
            let placement = try preprocessing.placement(width: width, height: height)
            let seen = placement.seen(width: width, height: height, size: 64)
            for (x, y) in [
                (width / 2, height / 2), (width / 3, height / 2), (width / 2, height * 2 / 3), (2, 2),
            ] {
                let image = try RGBImage(width: width, height: height) { column, row, _ in
                    abs(column - x) <= 1 && abs(row - y) <= 1 ? 255 : 0
                }
                let input = try preprocessing.resizedAndCropped(image)
                var (sum, across, down) = (0.0, 0.0, 0.0)
                for row in 0..<64 {
                    for column in 0..<64 {
                        let level = Double(input.pixels[3 * (row * 64 + column)])
                        // The margin has the mean colour.
                        guard level > 0, fit != .pad || level != 124 else { continue }
                        sum += level
                        across += level * (Double(column) + 0.5)
                        down += level * (Double(row) + 0.5)
                    }
                }
                let isInside =
                    (seen.left + 2..<seen.left + seen.width - 2).contains(x)
                    && (seen.top + 2..<seen.top + seen.height - 2).contains(y)
                guard isInside else { continue }
                let expected = (
                    placement.horizontal.scale * (Double(x) + 0.5) + placement.horizontal.offset,
                    placement.vertical.scale * (Double(y) + 0.5) + placement.vertical.offset
                )
                #expect(abs(across / sum - expected.0) < 0.3, "\(fit) \(width)×\(height) at \(x), \(y)")
                #expect(abs(down / sum - expected.1) < 0.3, "\(fit) \(width)×\(height) at \(x), \(y)")
            }
        }
    }

    @Test func onlyTheCropIsSeen() throws {
        let preprocessing = Preprocessing(imageSize: 64)
        // 64 of 128 columns: 50 to 150 of 200.
        let map = try HeatMap(
            grid([[1, 1], [1, 1]]), width: 200, height: 100, preprocessing: preprocessing)
        #expect(map.seen == [PixelRect(left: 50, top: 0, width: 100, height: 100)])
        let values = map.values
        #expect(values.count == 20_000)
        for x in 0..<200 { #expect(values[40 * 200 + x] == ((50..<150).contains(x) ? 1 : 0)) }
        let padded = try HeatMap(
            grid([[1, 1], [1, 1]]), width: 200, height: 100, preprocessing: .init(imageSize: 64, fit: .pad))
        #expect(padded.seen == [PixelRect(left: 0, top: 0, width: 200, height: 100)])
        #expect(padded.values.allSatisfy { $0 == 1 })
    }

    /// By hand: cells 32 pixels apart, the first at 8.
    @Test func valuesLieBetweenTheCentresOfCells() throws {
        let map = try HeatMap(
            grid([[0, 32], [64, 96]]), width: 64, height: 64, preprocessing: .init(imageSize: 64))
        let values = map.values
        func value(_ x: Int, _ y: Int) -> Float { values[64 * y + x] }
        #expect(value(0, 0) == 0 && value(63, 0) == 32 && value(0, 63) == 64 && value(63, 63) == 96)
        // Between two cells with like ones beyond, Catmull and Rom's cubic is (t + 3t² - 2t³) / 2 of the step.
        func share(_ pixel: Int) -> Float {
            let t = (Float(pixel) + 0.5 - 8) / 32
            return (t + 3 * t * t - 2 * t * t * t) / 2
        }
        for pixel in [8, 15, 23, 24, 39] {
            #expect(abs(value(pixel, 0) - 32 * share(pixel)) < 1e-4)
            #expect(abs(value(pixel, pixel) - 96 * share(pixel)) < 1e-4)
        }
        // The same at three times the size; the peak is where nothing lies beyond the last centre.
        let large = try HeatMap(
            grid([[0, 32], [64, 96]]), width: 192, height: 192, preprocessing: .init(imageSize: 64))
        #expect(abs(large.values[24 * 3 + 1] - value(24, 0)) < 1e-4)
        #expect(large.peak == HeatMap.Peak(x: 155, y: 155, value: 96))
    }

    /// Between two high cells the peak lies between them.
    @Test func aPeakMayLieBetweenCells() throws {
        let map = try HeatMap(
            grid([[0, 0, 0, 0], [0, 5, 5, 0], [0, 5, 5, 0], [0, 0, 0, 0]]), width: 128, height: 128,
            preprocessing: .init(imageSize: 128))
        // Cells 1 and 2 stand for 40 and 72.
        let peak = try #require(map.peak)
        #expect((55...56).contains(peak.x) && (55...56).contains(peak.y) && peak.value > 5)
    }

    /// A margin's cells lie outside of the picture.
    @Test func whatThePaddingContributedLiesOutside() throws {
        let cells: [[Float]] = [[9, 9, 9, 9], [1, 2, 3, 4], [1, 2, 3, 4], [9, 9, 9, 9]]
        let map = try HeatMap(
            grid(cells), width: 128, height: 64, preprocessing: .init(imageSize: 128, fit: .pad))
        // The picture is rows 32 to 96 of the input: its row 7 lies at 39.5, where the second row of cells stands.
        let values = map.values
        for (column, expected) in [(7, 1), (39, 2), (71, 3), (103, 4)] as [(Int, Float)] {
            #expect(abs(values[128 * 7 + column] - expected) < 0.2)
        }
        #expect(values.count == 128 * 64 && map.seen[0].height == 64)
    }

    @Test func tilesAreStitchedWithoutSeams() throws {
        let tiles = TileCorners.four.map { place, value in
            (place: place, grid: grid([[value, value], [value, value]]))
        }
        let preprocessing = Preprocessing(imageSize: 64)
        let same = try HeatMap(
            tiles: tiles.map { ($0.place, grid([[5, 5], [5, 5]])) }, width: 160, height: 160,
            preprocessing: preprocessing)
        #expect(same.values.allSatisfy { abs($0 - 5) < 1e-5 })
        let map = try HeatMap(tiles: tiles, width: 160, height: 160, preprocessing: preprocessing)
        let values = map.values
        #expect(values[0] == 0 && values[159] == 1 && values[159 * 160] == 2 && values[159 * 160 + 159] == 3)
        // Across the seam in steps.
        for x in 1..<160 { #expect(abs(values[x] - values[x - 1]) < 0.05) }
        #expect(abs(values[80 * 160 + 80] - 1.5) < 0.1)
        #expect(throws: ImageError.self) {
            try HeatMap(tiles: tiles, width: 100, height: 160, preprocessing: preprocessing)
        }
    }

    private enum TileCorners {
        static let four: [(PixelRect, Float)] = [
            (PixelRect(left: 0, top: 0, width: 100, height: 100), 0),
            (PixelRect(left: 60, top: 0, width: 100, height: 100), 1),
            (PixelRect(left: 0, top: 60, width: 100, height: 100), 2),
            (PixelRect(left: 60, top: 60, width: 100, height: 100), 3),
        ]
    }

    @Test func mapsAreTakenApartByClass() throws {
        let maps = try ActivationMaps(classCount: 2, rows: 1, columns: 2, values: [1, 3, -2, 6])
        #expect(maps[0].values == [1, 3] && maps[1].values == [-2, 6])
        #expect(maps.means == [2, 2])
        #expect(throws: ImageError.self) {
            try ActivationMaps(classCount: 2, rows: 1, columns: 2, values: [1])
        }
        #expect(throws: ImageError.self) {
            try ActivationMaps(classCount: 1, rows: 1, columns: 1, values: [.nan])
        }
    }

    @Test func theOverlayKeepsTheImagesSizeAndGreysWhatIsCold() throws {
        let image = try RGBImage(width: 128, height: 64, red: 200, green: 100, blue: 50)
        let map = try HeatMap(
            grid([[0, 0], [0, 8]]), width: 128, height: 64,
            preprocessing: .init(imageSize: 64))
        let bare = try HeatMapOverlay(map, over: image).image
        #expect(bare.width == 128 && bare.height == 64)
        func pixel(_ image: RGBImage, _ x: Int, _ y: Int) -> [UInt8] {
            Array(image.pixels[3 * (y * image.width + x)..<3 * (y * image.width + x) + 3])
        }
        // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124; what the crop cut off is darker.
        #expect(pixel(bare, 40, 5) == [124, 124, 124])
        #expect(pixel(bare, 5, 5) == [43, 43, 43])
        // Yellow over grey at the peak.
        let peak = pixel(bare, 90, 60)
        #expect(peak[0] > 185 && peak[1] > 185 && peak[2] > 120 && peak[2] < peak[0])

        let captioned = try HeatMapOverlay(map, over: image, caption: ["<blowhole> & more  0.993"])
        #expect(captioned.image.width >= 128 && captioned.image.height > 64 + 20)
        #expect(captioned.isCaptioned, "a font is installed where libvips is")
        for y in [0, 20, 63] {
            #expect(pixel(captioned.image, 60, y) == pixel(bare, 60, y), "the picture is left as it is")
        }
        let other = try HeatMap(
            grid([[0]]), width: 64, height: 64, preprocessing: .init(imageSize: 64))
        #expect(throws: ImageError.self) { try HeatMapOverlay(other, over: image) }
        // Nothing speaks for the class: nothing is lit.
        let none = try HeatMap(
            grid([[-1, -2], [0, -3]]), width: 128, height: 64, preprocessing: .init(imageSize: 64))
        let dark = try HeatMapOverlay(none, over: image).image
        #expect((40..<90).allSatisfy { pixel(dark, $0, 32) == [124, 124, 124] })
        // What is nearly black is brightened, as 12 bits in 16 are.
        let faint = try RGBImage(width: 128, height: 64, red: 11, green: 11, blue: 11)
        #expect(
            (40..<90).allSatisfy { x in
                (try? HeatMapOverlay(none, over: faint).image).map { pixel($0, x, 32) } == [220, 220, 220]
            })
    }
}

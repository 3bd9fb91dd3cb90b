import Foundation
import Tailor
import TailorReports
import TestSupport
import Testing

/// Event files, as far as no reader of TensorBoard is needed; `make verify` reads them with its own.
@Suite struct EventFileTests {
    /// RFC 3720, appendix B.4.
    @Test func checksumsOfTheStandard() {
        #expect(CRC32C.checksum(Data(repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum(Data(repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Data(0..<32)) == 0x46DD_794E)
        #expect(CRC32C.checksum(Data("123456789".utf8)) == 0xE306_9283)
    }

    /// Lengths of a file's records; nil where it does not end with one.
    private static func lengths(_ data: Data) -> [Int]? {
        var found: [Int] = []
        var rest = data[...]
        while !rest.isEmpty {
            guard rest.count >= 12 else { return nil }
            let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard rest.count >= length + 16 else { return nil }
            found.append(length)
            rest = rest.dropFirst(length + 16)
        }
        return found
    }

    @Test func everyCallLeavesAWholeFile() throws {
        let folder = try TemporaryFolder()
        let file = EventFile(folder: folder.file("seed-1"), firstStep: 4)
        for step in 4..<7 {
            try file.add([.scalar("train/loss", 0.5), .text("names", "a | b")], step: step)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("seed-1").path)
            #expect(names.count == 1 && names[0].contains(".tfevents."))
            let data = try Data(contentsOf: folder.file("seed-1/\(names[0])"))
            // The version, where it begins, and a record a call.
            let lengths = try #require(Self.lengths(data))
            #expect(lengths.count == 2 + step - 3)
        }
    }

    @Test func precisionAndRecallAtThresholds() {
        let counts = PrecisionRecallCounts(
            [0.9, 0.6, 0.5, 0.2], [true, false, true, false], thresholds: 3)
        // At 0, 0.5 and 1.
        #expect(
            counts.rows == [
                [2, 2, 0], [2, 1, 0], [0, 1, 2], [0, 0, 2], [0.5, 2.0 / 3, 0], [1, 1, 0],
            ])
    }

    @Test func confusionPicture() throws {
        let picture = try ConfusionPicture.draw([[6, 2], [0, 1234]])
        #expect(picture.width == picture.height && picture.width > 80)
        func color(_ x: Int, _ y: Int) -> [UInt8] {
            Array(picture.pixels[3 * (y * picture.width + x)..<3 * (y * picture.width + x) + 3])
        }
        let first = picture.width - 2 * 34
        // Corners of the cells: right ones blue, wrong ones red, empty ones pale.
        let (right, wrong, empty) = (color(first, first), color(first + 34, first), color(first, first + 34))
        #expect(right[2] > right[0] && wrong[0] > wrong[2] && empty.allSatisfy { $0 > 235 })
        #expect(throws: Never.self) { try ConfusionPicture.draw([]) }
    }
}

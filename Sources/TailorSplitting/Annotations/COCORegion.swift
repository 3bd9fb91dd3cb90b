import TailorDatasets
import TailorSupport

/// Region of an annotation in pixels: its `bbox`, or where there is none the box that encloses its
/// `segmentation`.
struct COCORegion {
    let left: Double
    let top: Double
    let right: Double
    let bottom: Double
    let isFromOutline: Bool

    static let none = COCORegion(left: 0, top: 0, right: 0, bottom: 0, isFromOutline: false)

    /// Whether a `bbox` says nothing.
    static func isAbsent(_ box: JSONValue) -> Bool { box == .null || box == .array([]) }

    private init(left: Double, top: Double, right: Double, bottom: Double, isFromOutline: Bool) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
        self.isFromOutline = isFromOutline
    }

    /// Creates a region; throws the reason for refusing it.
    init(box: JSONValue?, outline: JSONValue?) throws(PathRefusal) {
        if let box, !Self.isAbsent(box) {
            guard case .array(let sides) = box else {
                throw PathRefusal("bbox: expected 4 numbers (x, y, width, height), got \(box.described)")
            }
            guard sides.count == 4 else {
                throw PathRefusal("bbox: expected 4 numbers (x, y, width, height), got \(sides.count)")
            }
            let numbers = try Self.numbers(sides, "bbox")
            self.init(
                left: numbers[0], top: numbers[1], right: numbers[0] + numbers[2],
                bottom: numbers[1] + numbers[3], isFromOutline: false)
            return
        }
        switch outline {
        case nil, .null?, .array([])?:
            throw PathRefusal(
                box == nil
                    ? "expected bbox or segmentation, got none"
                    : "bbox: expected 4 numbers (x, y, width, height), got 0")
        case .array(let parts)?: try self.init(polygons: parts)
        case .object(let mask)?: try self.init(mask: mask)
        case let value?: throw PathRefusal("segmentation: expected outlines, got \(value.described)")
        }
    }

    /// Creates the box around polygons, each a list of x, y, x, y…; a single one may stand alone.
    private init(polygons: [JSONValue]) throws(PathRefusal) {
        var x: [Double] = []
        var y: [Double] = []
        let isFlat = polygons.allSatisfy { $0.double != nil }
        for polygon in isFlat ? [.array(polygons)] : polygons {
            guard case .array(let values) = polygon, values.count >= 6, values.count % 2 == 0 else {
                throw PathRefusal("segmentation: expected outlines of three points or more, x and y each")
            }
            let numbers = try Self.numbers(values, "segmentation")
            x += stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
            y += stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }
        }
        guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else {
            throw PathRefusal("segmentation: expected outlines, got none")
        }
        self.init(left: left, top: top, right: right, bottom: bottom, isFromOutline: true)
    }

    /// Creates the box around a mask: runs of pixels outside and inside by turns, down the columns.
    private init(mask: [String: JSONValue]) throws(PathRefusal) {
        guard case .array(let size)? = mask["size"], size.count == 2, case .integer(let height) = size[0],
            case .integer(let width) = size[1], (1...1_000_000).contains(height),
            (1...1_000_000).contains(width)
        else { throw PathRefusal("segmentation: expected the size of a mask, height and width") }
        let runs: [Int]?
        switch mask["counts"] {
        case .array(let counts)?:
            let numbers = counts.compactMap { if case .integer(let count) = $0 { count } else { nil } }
            runs = numbers.count == counts.count ? numbers : nil
        case .text(let text)?: runs = Self.runs(text)
        default: runs = nil
        }
        guard let runs, runs.allSatisfy({ $0 >= 0 && $0 <= height * width }) else {
            throw PathRefusal("segmentation: expected the run lengths of a mask")
        }
        var (left, right, top, bottom) = (width, 0, height, 0)
        var place = 0
        for (index, count) in runs.enumerated() where count > 0 {
            let end = place + count
            guard end <= height * width else {
                throw PathRefusal("segmentation: the runs of a mask are longer than its size")
            }
            if index % 2 == 1 {
                left = min(left, place / height)
                right = max(right, (end - 1) / height + 1)
                let isWhole = (end - 1) / height > place / height
                top = min(top, isWhole ? 0 : place % height)
                bottom = max(bottom, isWhole ? height : (end - 1) % height + 1)
            }
            place = end
        }
        self.init(
            left: Double(left), top: Double(top), right: Double(right), bottom: Double(bottom),
            isFromOutline: true)
    }

    /// Run lengths as pycocotools packs them: five bits a character from the least significant, a sixth that
    /// says that more follow; from the fourth on the difference from the run before the last.
    private static func runs(_ text: String) -> [Int]? {
        var runs: [Int] = []
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            var value = 0
            var shift = 0
            while true {
                guard let byte = bytes.popFirst(), (48..<112).contains(byte), shift < 40 else { return nil }
                let bits = Int(byte) - 48
                value |= (bits & 31) << shift
                shift += 5
                guard bits & 32 == 0 else { continue }
                if bits & 16 != 0 { value -= 1 << shift }
                break
            }
            if runs.count > 2 { value += runs[runs.count - 2] }
            // Longer than any image; differences that pile up would overflow.
            guard value.magnitude < 1 << 41 else { return nil }
            runs.append(value)
        }
        return runs
    }

    private static func numbers(_ values: [JSONValue], _ key: String) throws(PathRefusal) -> [Double] {
        var numbers: [Double] = []
        for value in values {
            guard let number = value.double else {
                throw PathRefusal("\(key): expected a number, got \(value.described)")
            }
            numbers.append(number)
        }
        return numbers
    }
}

import TailorDatasets
import TailorSupport

/// Line of a YOLO label: a class number, then a box or the corners of an outline, relative to the image's
/// sides.
struct YOLOLine {
    enum Shape {
        /// `centre-x centre-y width height`.
        case box(x: Double, y: Double, width: Double, height: Double)
        /// Polygon, or the four corners of an oriented box.
        case outline([(x: Double, y: Double)])
    }

    let classNumber: Int
    let shape: Shape
    /// Whether a sixth number follows a box: a model's confidence in it.
    let hasConfidence: Bool
    /// Whether keypoints follow a box.
    let hasKeypoints: Bool
    /// Whether the numbers of an outline could as well be a box and keypoints within it.
    let couldBeKeypoints: Bool

    /// Tolerance for a box slightly outside 0…1, because tools round.
    private static let tolerance = 1e-3
    /// Corners of oriented boxes may lie outside of the image.
    private static let cornerTolerance = 0.5

    /// Parses one line; nil for an empty one. Throws the reason for refusing it.
    ///
    /// - Parameter keypoints: number of the numbers that describe keypoints after each box; nil for boxes and
    ///   outlines.
    init?(_ line: String, keypoints: Int?) throws(PathRefusal) {
        let fields = line.split(whereSeparator: \.isWhitespace)
        if fields.isEmpty { return nil }
        let count = fields.count
        let isPose = keypoints.map { count == 5 + $0 } ?? false
        guard count == 5 || count == 6 || isPose || (keypoints == nil && count >= 7 && count % 2 == 1) else {
            let others = keypoints.map { " or \(5 + $0) (with keypoints)" } ?? ""
            throw PathRefusal(
                "expected 5 numbers (class, centre x, centre y, width, height)\(others), got \(count)")
        }
        guard let number = Self.wholeNumber(fields[0]) else {
            throw PathRefusal("expected the number of a class, got \"\(String(fields[0]).printable)\"")
        }
        classNumber = number
        hasConfidence = count == 6
        hasKeypoints = isPose
        func share(
            _ position: Int, _ what: String, tolerance: Double = Self.tolerance
        ) throws(PathRefusal) -> Double {
            let field = fields[position]
            guard let value = Double(field), value >= -tolerance, value <= 1 + tolerance else {
                throw PathRefusal("\(what): expected a share of 0 to 1, got \"\(String(field).printable)\"")
            }
            return value
        }
        guard count >= 7, !isPose else {
            let (x, y) = (try share(1, "centre x"), try share(2, "centre y"))
            shape = .box(x: x, y: y, width: try share(3, "width"), height: try share(4, "height"))
            couldBeKeypoints = false
            if hasConfidence { _ = try share(5, "confidence") }
            return
        }
        var corners: [(x: Double, y: Double)] = []
        for index in 0..<(count - 1) / 2 {
            let x = try share(2 * index + 1, "corner \(index + 1), x", tolerance: Self.cornerTolerance)
            let y = try share(2 * index + 2, "corner \(index + 1), y", tolerance: Self.cornerTolerance)
            corners.append((x, y))
        }
        shape = .outline(corners)
        let (centre, size) = (corners[0], corners[1])
        couldBeKeypoints = corners.dropFirst(2).allSatisfy {
            abs($0.x - centre.x) <= size.x / 2 && abs($0.y - centre.y) <= size.y / 2
        }
    }

    /// Whether a text holds lines of numbers as labels do, whatever they say.
    static func isLabel(_ text: String) -> Bool {
        text.lines.contains { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.count >= 5 && fields.prefix(5).allSatisfy { Double($0) != nil }
        }
    }

    /// Box of the line's shape; throws the reason when its area is not positive.
    func box(className: String, file: String, place: String) throws(PathRefusal) -> AnnotatedBox {
        switch shape {
        case .box(let x, let y, let width, let height):
            try AnnotatedBox(
                className: className, left: x - width / 2, top: y - height / 2, right: x + width / 2,
                bottom: y + height / 2, isNormalised: true, file: file, place: place)
        case .outline(let corners):
            try AnnotatedBox(
                className: className, enclosing: corners, isNormalised: true, file: file, place: place)
        }
    }

    /// Whole number in any notation: `1`, `1.000000`, `1e0`.
    private static func wholeNumber(_ text: Substring) -> Int? {
        if let number = Int(text) { return number }
        return Double(text).flatMap { Int(exactly: $0) }
    }
}

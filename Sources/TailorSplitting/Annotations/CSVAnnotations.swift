import Foundation
import TailorDatasets
import TailorSupport

/// Annotations as a CSV with a box a row: as of TensorFlow, Roboflow, Open Images, RetinaNet, and the VGG
/// Image Annotator.
struct CSVAnnotations {
    /// Row with the edges as they stand, of which only the whole file says whether they are shares.
    private struct Row {
        let line: Int
        let image: String
        let className: String
        let points: [(x: Double, y: Double)]
        let size: AnnotatedImage.Size?
        let isOutline: Bool
    }

    private var found: [AnnotatedImage] = []
    private var problems: [FileProblem] = []
    private var notes: [String] = []
    private var crowds = 0
    private let images: ImageIndex

    /// Reads files in a folder. Throws `SplitError` when one cannot be read or has other columns.
    static func read(_ files: [String], in folder: String, images: ImageIndex) throws -> AnnotationSet {
        var reader = CSVAnnotations(images: images)
        var passedOver: [String] = []
        for file in files where try !reader.take(file, in: folder, isAlone: files.count == 1) {
            passedOver.append(file)
        }
        if passedOver.count == files.count, let file = passedOver.first {
            _ = try reader.take(file, in: folder, isAlone: true)
        }
        if !passedOver.isEmpty {
            reader.notes.append(
                "\(counted(passedOver.count, "table")) without boxes passed over: \(passedOver.listed(limit: 3))"
            )
        }
        return AnnotationSet(
            format: .csv, images: reader.found, crowds: reader.crowds, problems: reader.problems,
            notes: reader.notes)
    }

    private init(images: ImageIndex) { self.images = images }

    /// Takes a file; false for one that holds no boxes and is not the only one (a list of classes).
    private mutating func take(_ file: String, in folder: String, isAlone: Bool) throws -> Bool {
        let path = folder + "/" + file
        let table = try CSVFile(path, expectation: "expected a CSV in UTF-8")
        guard let first = table.records.first else {
            throw SplitError.header(path: path, reason: "expected a box a row; the file is empty")
        }
        guard isAlone || CSVBoxColumns.isBoxes(first.fields) else { return false }
        let columns = try CSVBoxColumns(first.fields, file: path)
        var rows: [Row] = []
        for record in columns.hasHeader ? table.records.dropFirst() : table.records[...] {
            do throws(PathRefusal) {
                if let row = try row(record, columns) { rows.append(row) }
            } catch {
                problems.append(FileProblem(path: file, reason: "line \(record.line): \(error.reason)"))
            }
        }
        // Pixels would make a file of boxes of one pixel.
        let points = rows.flatMap(\.points)
        let isNormalised = points.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) }
        notes += table.notes + columns.notes
        let outlines = rows.count(where: \.isOutline)
        if outlines > 0 {
            notes.append("\(counted(outlines, "outline")): the box that encloses each is cut out")
        }
        if isNormalised, !points.isEmpty { notes.append("the edges are taken as shares of width and height") }
        var order: [String] = []
        var boxes: [PathKey: [AnnotatedBox]] = [:]
        var firstRow: [PathKey: Row] = [:]
        for row in rows {
            let place = "line \(row.line)"
            do throws(PathRefusal) {
                let box = try AnnotatedBox(
                    className: row.className, enclosing: row.points, isNormalised: isNormalised, file: file,
                    place: place)
                let key = PathKey(row.image)
                if let first = firstRow[key], let size = row.size, let known = first.size, size != known {
                    throw PathRefusal(
                        "\(row.image.printable) has \(size.width)×\(size.height) pixels here and "
                            + "\(known.width)×\(known.height) on line \(first.line)")
                }
                if firstRow[key] == nil {
                    firstRow[key] = row
                    order.append(row.image)
                }
                boxes[key, default: []].append(box)
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }
        for name in order {
            guard let row = firstRow[PathKey(name)] else { continue }
            let place = "line \(row.line)"
            do throws(PathRefusal) {
                found.append(
                    AnnotatedImage(
                        try images.image(named: name, folder: RelativePath.folder(file)), named: name,
                        file: file, place: place, size: row.size, boxes: boxes[PathKey(name)] ?? []))
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }
        return true
    }

    /// Parses a row; nil for an image without a box, and for a crowd.
    private mutating func row(
        _ record: CSV.Record, _ columns: CSVBoxColumns
    ) throws(PathRefusal) -> Row? {
        let fields = record.fields.map(\.trimmed)
        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
        func number(_ index: Int, _ what: String) throws(PathRefusal) -> Double {
            guard let value = Double(field(index)), value.isFinite else {
                throw PathRefusal("\(what): expected a number, got \"\(field(index).printable)\"")
            }
            return value
        }
        if let crowd = columns.crowd, Double(field(crowd)) == 1 || field(crowd).lowercased() == "true" {
            crowds += 1
            return nil
        }
        let points: [(x: Double, y: Double)]
        var label = columns.label.map(field) ?? ""
        var isOutline = false
        switch columns.box {
        case .edges(let left, let top, let right, let bottom):
            if [left, top, right, bottom].allSatisfy({ field($0).isEmpty }), label.isEmpty { return nil }
            let (x1, y1) = (try number(left, "left edge"), try number(top, "top edge"))
            let (x2, y2) = (try number(right, "right edge"), try number(bottom, "bottom edge"))
            guard x2 > x1, y2 > y1 else {
                throw PathRefusal("a box of \(x2 - x1) by \(y2 - y1): expected a width and height above 0")
            }
            points = [(x1, y1), (x2, y2)]
        case .corner(let x, let y, let width, let height):
            if [x, y, width, height].allSatisfy({ field($0).isEmpty }), label.isEmpty { return nil }
            let (x1, y1) = (try number(x, "left edge"), try number(y, "top edge"))
            let (w, h) = (try number(width, "width"), try number(height, "height"))
            guard w > 0, h > 0 else {
                throw PathRefusal("a box of \(w) by \(h): expected a width and height above 0")
            }
            points = [(x1, y1), (x1 + w, y1 + h)]
        case .regions(let shape, let attributes):
            guard let region = try VIARegion(shape: field(shape), attributes: field(attributes)) else {
                return nil
            }
            points = region.points
            label = region.className
            isOutline = !region.isRectangle
        }
        return Row(
            line: record.line, image: field(columns.path), className: try ClassName.checked(label),
            points: points, size: size(columns, points: points, field: field), isOutline: isOutline)
    }

    /// Size that a row states for its image; nil where it states none, or that of the box.
    private func size(
        _ columns: CSVBoxColumns, points: [(x: Double, y: Double)], field: (Int) -> String
    ) -> AnnotatedImage.Size? {
        guard let size = columns.size, let width = Double(field(size.width)).flatMap({ Int(exactly: $0) }),
            let height = Double(field(size.height)).flatMap({ Int(exactly: $0) }), width > 0, height > 0
        else { return nil }
        let isOfBox =
            points.count == 2 && abs(points[1].x - points[0].x - Double(width)) < 1.5
            && abs(points[1].y - points[0].y - Double(height)) < 1.5
        return isOfBox ? nil : AnnotatedImage.Size(width: width, height: height)
    }
}

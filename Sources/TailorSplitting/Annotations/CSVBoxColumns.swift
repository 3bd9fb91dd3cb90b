import TailorDatasets
import TailorSupport

/// Columns of a CSV with a box a row, as tools name and order them.
struct CSVBoxColumns {
    enum Box {
        /// `xmin, ymin, xmax, ymax` or `x1, y1, x2, y2`.
        case edges(left: Int, top: Int, right: Int, bottom: Int)
        /// `x, y, w, h`: the left and top edge, and the size.
        case corner(x: Int, y: Int, width: Int, height: Int)
        /// VGG Image Annotator: two columns in JSON.
        case regions(shape: Int, attributes: Int)
    }

    let path: Int
    /// Class; nil where it stands among the attributes of a region.
    let label: Int?
    let box: Box
    /// Width and height of the image.
    let size: (width: Int, height: Int)?
    /// Whether the box holds a crowd (Open Images' `IsGroupOf`).
    let crowd: Int?
    /// Whether the first line is a row and not a header (RetinaNet).
    let hasHeader: Bool
    let notes: [String]

    /// Whether a first line is that of boxes.
    static func isBoxes(_ fields: [String]) -> Bool {
        isRetinaNet(fields) || box(of: CSVHeader(fields, file: "")) != nil
    }

    /// Finds the columns. Throws `SplitError.header`.
    init(_ fields: [String], file: String) throws {
        if Self.isRetinaNet(fields) {
            path = 0
            label = 5
            box = .edges(left: 1, top: 2, right: 3, bottom: 4)
            size = nil
            crowd = nil
            hasHeader = false
            notes = ["no header: the columns are path, x1, y1, x2, y2, class"]
            return
        }
        let header = CSVHeader(fields, file: file)
        let (path, label, box) = (try header.index(.path), try header.index(.label), Self.box(of: header))
        guard let path, let box else { throw Self.refusal(fields, file: file) }
        var notes: [String] = []
        if case .regions = box {
            self.label = nil
        } else {
            guard let label else { throw Self.refusal(fields, file: file) }
            self.label = label
            notes = header.notes((.path, path), (.label, label))
        }
        self.path = path
        self.box = box
        crowd = header.index("isgroupof", "iscrowd")
        hasHeader = true
        switch box {
        case .edges:
            size = Self.both(header.index("imagewidth", "width"), header.index("imageheight", "height"))
        case .corner(let x, let y, let width, let height):
            let names = [x, y, width, height].map { fields[$0].trimmed }
            notes.append("\(names.listed()) are taken as left edge, top edge, width and height")
            let wide = header.index("imagewidth", "width")
            let high = header.index("imageheight", "height")
            size = wide == width || high == height ? nil : Self.both(wide, high)
        case .regions: size = nil
        }
        self.notes = notes
    }

    private static func refusal(_ fields: [String], file: String) -> SplitError {
        SplitError.header(
            path: file,
            reason:
                "expected columns for the image, the class and the box (filename, class, xmin, ymin, xmax, ymax), "
                + "got \(CSV.line(fields).printable)")
    }

    private static func both(_ a: Int?, _ b: Int?) -> (width: Int, height: Int)? {
        a.flatMap { a in b.map { (a, $0) } }
    }

    private static func isRetinaNet(_ fields: [String]) -> Bool {
        guard fields.count == 6, IgnoredEntries.isImage(fields[0].trimmed) else { return false }
        let box = fields[1...4].map(\.trimmed)
        return box.allSatisfy { Double($0) != nil } || (box + [fields[5].trimmed]).allSatisfy(\.isEmpty)
    }

    private static func box(of header: CSVHeader) -> Box? {
        if let left = header.index("xmin", "x1", "minx", "bboxxmin", "bboxx1", "left", "xtl"),
            let top = header.index("ymin", "y1", "miny", "bboxymin", "bboxy1", "top", "ytl"),
            let right = header.index("xmax", "x2", "maxx", "bboxxmax", "bboxx2", "right", "xbr"),
            let bottom = header.index("ymax", "y2", "maxy", "bboxymax", "bboxy2", "bottom", "ybr")
        {
            return .edges(left: left, top: top, right: right, bottom: bottom)
        }
        if let x = header.index("bboxx", "boxx", "x"), let y = header.index("bboxy", "boxy", "y"),
            let width = header.index("bboxwidth", "bboxw", "boxwidth", "w", "width"),
            let height = header.index("bboxheight", "bboxh", "boxheight", "h", "height")
        {
            return .corner(x: x, y: y, width: width, height: height)
        }
        if let shape = header.index("regionshapeattributes"),
            let attributes = header.index("regionattributes")
        {
            return .regions(shape: shape, attributes: attributes)
        }
        return nil
    }
}

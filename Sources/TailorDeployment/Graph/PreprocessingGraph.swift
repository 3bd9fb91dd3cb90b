import TailorImages
import TailorModelFile

/// The evaluation transform as ONNX nodes: bytes `[height, width, 3]` of any size become `[1, 3, size,
/// size]`, normalised.
///
/// `Resize` is not used: its antialiasing differs between runtimes. Pillow's bilinear filter is two
/// multiplications by matrices that the graph itself computes from the image's size, each rounded to grey
/// levels, so that every runtime sees the same pixels, within one grey level of `Preprocessing`.
package struct PreprocessingGraph {
    /// The normalised image, `[1, 3, size, size]`.
    package static let result = "preprocess.normalized"

    /// Names of the values for one side of the image; `int64` scalars.
    private struct Side {
        let name: String
        /// Length in pixels.
        let length: String
        /// Length once resized, in pixels, before cropping or padding.
        let resized: String
        /// First wanted pixel of the resized ones; negative if there is a margin before it.
        let first: String
    }

    private let preprocessing: Preprocessing
    private var builder: GraphBuilder

    /// Adds the nodes and returns the name of the normalised image.
    static func add(_ preprocessing: Preprocessing, to builder: inout GraphBuilder) -> String {
        var graph = PreprocessingGraph(preprocessing: preprocessing, builder: builder)
        let result = graph.build()
        builder = graph.builder
        return result
    }

    private var size: Int { preprocessing.imageSize }

    private mutating func build() -> String {
        let shape = node("Shape", [GraphNames.input], "shape")
        let height = node("Gather", [shape, integer(0)], "height")
        let width = node("Gather", [shape, integer(1)], "width")
        let (rows, columns) = sides(height: height, width: width)

        // [3, height, width]
        let planes = node("Transpose", [GraphNames.input], "planes", [("perm", .ints([2, 0, 1]))])
        let pixels = cast(planes, .float, "pixels")
        let across = node(
            "Transpose", [weights(columns)], "columns.across", [("perm", .ints([1, 0]))])
        let narrowed = rounded(node("MatMul", [pixels, across], "narrowed.exact"), "narrowed")
        var square = rounded(node("MatMul", [weights(rows), narrowed], "square.exact"), "square")
        if preprocessing.fit == .pad { square = filled(square, rows: rows, columns: columns) }

        // A static shape, so that runtimes can plan the network.
        let batch = node("Reshape", [square, integers([1, 3, size, size], "batch.shape")], "batch")
        let normalization = preprocessing.normalization
        let scaled = node("Mul", [batch, channels(normalization.scale, "scale")], "scaled")
        return node("Add", [scaled, channels(normalization.offset, "offset")], "normalized")
    }

    // MARK: sizes

    private mutating func sides(height: String, width: String) -> (rows: Side, columns: Side) {
        switch preprocessing.fit {
        case .squash:
            let (size, zero) = (integer(size), integer(0))
            return (
                Side(name: "rows", length: height, resized: size, first: zero),
                Side(name: "columns", length: width, resized: size, first: zero)
            )
        case .crop:
            let short = node("Min", [height, width], "short")
            return (cropped("rows", height, short: short), cropped("columns", width, short: short))
        case .pad:
            let long = node("Max", [height, width], "long")
            return (padded("rows", height, long: long), padded("columns", width, long: long))
        }
    }

    /// Side of a centre crop. As torchvision, cuts the fraction off the long side and rounds half a pixel of
    /// margin to even.
    private mutating func cropped(_ name: String, _ length: String, short: String) -> Side {
        let product = node("Mul", [length, integer(preprocessing.resizeShortSide)], name + ".product")
        let resized = node("Div", [product, short], name + ".resized")
        let surplus = node("Sub", [resized, integer(size)], name + ".surplus")
        let half = node("Div", [surplus, integer(2)], name + ".half")
        let odd = node("Sub", [surplus, doubled(half, name + ".half")], name + ".odd")
        let quarter = node("Div", [half, integer(2)], name + ".quarter")
        let oddHalf = node("Sub", [half, doubled(quarter, name + ".quarter")], name + ".odd.half")
        let carry = node("Mul", [odd, oddHalf], name + ".carry")
        return Side(
            name: name, length: length, resized: resized, first: node("Add", [half, carry], name + ".first"))
    }

    /// Side of a padded image: the long side becomes `size`, the other is rounded (half up) and centred.
    private mutating func padded(_ name: String, _ length: String, long: String) -> Side {
        let product = node("Mul", [length, integer(2 * size)], name + ".product")
        let sum = node("Add", [product, long], name + ".sum")
        let quotient = node("Div", [sum, doubled(long, name + ".long")], name + ".quotient")
        let resized = node("Max", [quotient, integer(1)], name + ".resized")
        let surplus = node("Sub", [integer(size), resized], name + ".surplus")
        let margin = node("Div", [surplus, integer(2)], name + ".margin")
        return Side(
            name: name, length: length, resized: resized,
            first: node("Sub", [integer(0), margin], name + ".first"))
    }

    private mutating func doubled(_ value: String, _ name: String) -> String {
        node("Mul", [value, integer(2)], name + ".doubled")
    }

    // MARK: pixels

    /// Resampling matrix `[size, length]`: Pillow's triangle filter, as wide as the reduction.
    private mutating func weights(_ side: Side) -> String {
        let name = side.name
        let length = cast(side.length, .float, name + ".length")
        let ratio = node("Div", [length, cast(side.resized, .float, name + ".size")], name + ".ratio")
        let reach = node("Max", [ratio, float(1)], name + ".reach")
        let position = node("Add", [positions(side), float(0.5)], name + ".position")
        let center = node("Mul", [position, ratio], name + ".center")
        let range = node("Range", [integer(0), side.length, integer(1)], name + ".range")
        let pixel = node("Add", [cast(range, .float, name + ".index"), float(0.5)], name + ".pixel")
        let offset = node("Sub", [pixel, center], name + ".offset")
        let distance = node("Div", [node("Abs", [offset], name + ".absolute"), reach], name + ".distance")
        let closeness = node("Sub", [float(1), distance], name + ".closeness")
        let share = node("Max", [closeness, float(0)], name + ".share")
        let total = node(
            "ReduceSum", [share, integers([1], "one")], name + ".total", [("keepdims", .int(1))])
        // In the margin the sum is 0.
        let divisor = node("Max", [total, float(1e-6)], name + ".divisor")
        return node("Div", [share, divisor], name + ".weights")
    }

    /// Positions of the wanted pixels among the resized ones, `[size, 1]`.
    private mutating func positions(_ side: Side) -> String {
        let name = "preprocess." + side.name + ".wanted"
        guard defined.insert(name).inserted else { return name }
        let steps = builder.constant(name + ".steps", (0..<size).map(Float.init), shape: [size, 1])
        return builder.node("Add", [steps, cast(side.first, .float, side.name + ".start")], to: name)
    }

    /// Fills the margin with the mean colour.
    private mutating func filled(_ square: String, rows: Side, columns: Side) -> String {
        let vertical = mask(rows)
        let horizontal = node("Transpose", [mask(columns)], "columns.mask.across", [("perm", .ints([1, 0]))])
        let inside = node("Mul", [vertical, horizontal], "inside")
        let color = preprocessing.normalization.meanColor.map(Float.init)
        let fill = builder.constant("preprocess.fill", color, shape: [3, 1, 1])
        let difference = node("Sub", [square, fill], "difference")
        return node("Add", [fill, node("Mul", [difference, inside], "difference.inside")], "filled")
    }

    /// Mask `[size, 1]`: 1 within the image, else 0. Positions are whole numbers.
    private mutating func mask(_ side: Side) -> String {
        let name = side.name
        let place = positions(side)
        let after = node("Add", [place, float(1)], name + ".after")
        let notBefore = node("Clip", [after, float(0), float(1)], name + ".inside.first")
        let rest = node("Sub", [cast(side.resized, .float, name + ".end"), place], name + ".rest")
        let notBeyond = node("Clip", [rest, float(0), float(1)], name + ".inside.last")
        return node("Mul", [notBefore, notBeyond], name + ".mask")
    }

    private mutating func rounded(_ value: String, _ name: String) -> String {
        node("Floor", [node("Add", [value, float(0.5)], name + ".half")], name)
    }

    // MARK: nodes and numbers

    /// Names of constants that exist.
    private var defined: Set<String> = []

    private mutating func node(
        _ type: String, _ inputs: [String], _ name: String,
        _ attributes: [(String, GraphBuilder.Attribute)] = []
    ) -> String {
        builder.node(type, inputs, to: "preprocess." + name, attributes)
    }

    private mutating func cast(_ value: String, _ type: ONNXElementType, _ name: String) -> String {
        node("Cast", [value], name, [("to", .int(type.rawValue))])
    }

    private mutating func integer(_ value: Int) -> String {
        once("preprocess.integer.\(value)") { $0.constant($1, [Int64(value)], shape: []) }
    }

    private mutating func integers(_ values: [Int], _ name: String) -> String {
        once("preprocess." + name) { $0.constant($1, values.map(Int64.init), shape: [values.count]) }
    }

    private mutating func float(_ value: Float) -> String {
        once("preprocess.float.\(value)") { $0.constant($1, [value], shape: []) }
    }

    private mutating func channels(_ values: [Float], _ name: String) -> String {
        once("preprocess." + name) { $0.constant($1, values, shape: [1, 3, 1, 1]) }
    }

    private mutating func once(_ name: String, _ make: (inout GraphBuilder, String) -> String) -> String {
        guard defined.insert(name).inserted else { return name }
        return make(&builder, name)
    }
}

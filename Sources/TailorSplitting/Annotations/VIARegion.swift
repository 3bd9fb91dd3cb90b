import TailorDatasets
import TailorSupport

/// Region of the VGG Image Annotator: shape and attributes, each a JSON object in a field of a CSV.
struct VIARegion {
    /// Corners of the region, or of the box around it.
    let points: [(x: Double, y: Double)]
    let className: String
    let isRectangle: Bool

    /// Parses the two fields; nil for an image without regions. Throws the reason for refusing them.
    init?(shape: String, attributes: String) throws(PathRefusal) {
        let members = try Self.object(shape, "region_shape_attributes")
        guard !members.isEmpty else { return nil }
        func number(_ key: String) throws(PathRefusal) -> Double {
            guard let value = members[key]?.double, value.isFinite else {
                throw PathRefusal("\(key): expected a number, got \(members[key]?.described ?? "none")")
            }
            return value
        }
        func list(_ key: String) throws(PathRefusal) -> [Double] {
            guard case .array(let values)? = members[key] else {
                throw PathRefusal("\(key): expected a list, got \(members[key]?.described ?? "none")")
            }
            let numbers = values.compactMap(\.double).filter(\.isFinite)
            guard numbers.count == values.count else { throw PathRefusal("\(key): expected numbers") }
            return numbers
        }
        func around(_ width: Double, _ height: Double) throws(PathRefusal) -> [(x: Double, y: Double)] {
            let (x, y) = (try number("cx"), try number("cy"))
            return [(x - width, y - height), (x + width, y + height)]
        }
        switch members["name"] {
        case .text("rect")?:
            let (x, y) = (try number("x"), try number("y"))
            let (width, height) = (try number("width"), try number("height"))
            guard width > 0, height > 0 else {
                throw PathRefusal("a box of \(width) by \(height): expected a width and height above 0")
            }
            points = [(x, y), (x + width, y + height)]
        case .text("circle")?:
            let radius = try number("r")
            points = try around(radius, radius)
        case .text("ellipse")?: points = try around(number("rx"), number("ry"))
        case .text("polygon")?, .text("polyline")?:
            let (x, y) = (try list("all_points_x"), try list("all_points_y"))
            guard x.count == y.count else {
                throw PathRefusal("\(x.count) x and \(y.count) y: expected as many of both")
            }
            points = zip(x, y).map { (x: $0, y: $1) }
        default:
            throw PathRefusal(
                "expected a rect, circle, ellipse or polygon, got \(members["name"]?.described ?? "none")")
        }
        isRectangle = members["name"] == .text("rect")
        className = try Self.className(Self.object(attributes, "region_attributes"))
    }

    /// The only attribute that is a text or number, else the one called class, label, category, type or name.
    private static func className(_ attributes: [String: JSONValue]) throws(PathRefusal) -> String {
        let named = attributes.compactMapValues { value -> String? in
            switch value {
            case .text(let text) where !text.trimmed.isEmpty: text
            case .integer(let number): "\(number)"
            default: nil
            }
        }
        if named.count == 1, let only = named.values.first { return only }
        let usual = named.filter {
            ["class", "label", "category", "type", "name"].contains($0.key.trimmed.lowercased())
        }
        guard usual.count == 1, let name = usual.values.first else {
            throw PathRefusal(
                "region_attributes: expected one that is the class, got "
                    + (named.isEmpty ? "none" : named.keys.sorted().listed(limit: 5)))
        }
        return name
    }

    private static func object(_ text: String, _ what: String) throws(PathRefusal) -> [String: JSONValue] {
        guard !text.isEmpty else { return [:] }
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.value(of: text)
        } catch {
            throw PathRefusal("\(what): not valid JSON: \(error.reason)")
        }
        guard case .object(let members) = value else {
            throw PathRefusal("\(what): expected an object, got \(value.described)")
        }
        return members
    }
}

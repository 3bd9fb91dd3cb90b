/// What the graph's ends are called and look like.
package enum GraphNames {
    package static let input = "image"
    package static let logits = "logits"
    package static let features = "features"
    package static let batch = "N"

    package static func inputType(_ input: ModelDescription.Input, imageSize: Int) -> ONNXType {
        switch input {
        case .external:
            .tensor(.float, [.name(batch), .size(3), .size(imageSize), .size(imageSize)])
        case .embedded: .tensor(.uint8, [.name("height"), .name("width"), .size(3)])
        }
    }
}

package enum GraphDimension {
    case size(Int)
    case name(String)
}

extension ONNXType {
    /// - Parameter shape: `nil`: any.
    package static func tensor(_ element: ONNXElementType, _ shape: [GraphDimension]?) -> ONNXType {
        var tensor = ONNXTensorType()
        tensor.elemType = element
        if let shape {
            var sides = ONNXShape()
            sides.dim = shape.map {
                var dimension = ONNXDimension()
                switch $0 {
                case .size(let value): dimension.size = .dimValue(Int64(value))
                case .name(let name): dimension.size = .dimParam(name)
                }
                return dimension
            }
            tensor.shape = sides
        }
        var type = ONNXType()
        type.tensorType = tensor
        return type
    }
}

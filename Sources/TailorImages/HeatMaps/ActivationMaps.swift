/// Class activation maps of one input: how much each cell of the network's last grid speaks for each class.
///
/// A network that ends in global average pooling and one linear layer splits its logits exactly: the mean of a class's
/// map plus the bias is the logit (Zhou et al., 2016). Grad-CAM at the last stage gives the same map but for a factor
/// (Selvaraju et al., 2017).
public struct ActivationMaps: Sendable, Equatable {
    public let classCount: Int
    public let rows: Int
    public let columns: Int
    /// `[classes, rows, columns]`, in units of logits.
    public let values: [Float]

    /// Throws `ImageError.invalidArgument` unless there is a positive number of finite values that fits.
    package init(classCount: Int, rows: Int, columns: Int, values: [Float]) throws {
        guard classCount > 0, rows > 0, columns > 0, values.count == classCount * rows * columns else {
            throw ImageError.invalidArgument(
                "activation maps: expected \(classCount) × \(rows) × \(columns) values, got \(values.count)")
        }
        guard values.allSatisfy(\.isFinite) else {
            throw ImageError.invalidArgument("activation maps: a value is not finite")
        }
        self.classCount = classCount
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// The map of a class, `[rows, columns]`.
    ///
    /// - Precondition: `label` is in 0 ..< `classCount`.
    public subscript(label: Int) -> ActivationGrid {
        let count = rows * columns
        return ActivationGrid(
            rows: rows, columns: columns, values: Array(values[label * count..<(label + 1) * count]))
    }

    /// Mean of each class's map: the logits without their biases.
    package var means: [Float] {
        let count = rows * columns
        return (0..<classCount).map { label in
            Float(values[label * count..<(label + 1) * count].reduce(0.0) { $0 + Double($1) } / Double(count))
        }
    }
}

/// The activation map of one class over the network's square input.
public struct ActivationGrid: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// `[rows, columns]`, in units of logits.
    public let values: [Float]

    /// - Precondition: `values` holds `rows × columns` numbers, both at least 1.
    package init(rows: Int, columns: Int, values: [Float]) {
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Input pixels from one cell to the next: ResNet18 halves its input five times.
    static let pitch = 32.0
    /// Input coordinate that the first cell stands for. Its receptive field is centred on 0.5, its share of the input on
    /// 16; defects were found best between the two (`Documentation/HeatMaps.md`).
    static let firstCentre = 8.0
}

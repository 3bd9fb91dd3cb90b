import TailorSupport

/// Common structure of a dataset's images: mean and principal components.
///
/// Products of one line or X-rays of one kind resemble each other; what distinguishes them, and reveals a
/// copy, is the residual without the common structure.
package struct CommonStructure {
    private let mean: [Float]
    /// Orthonormal components, each as long as an image.
    private let components: [[Float]]

    /// Fits `count` components to normalised images of one size; fewer for few images, so that they do not
    /// memorise single ones.
    package init(_ images: [GreyImage], components count: Int = 32) {
        let dimension = images.first?.values.count ?? 0
        var sum = [Float](repeating: 0, count: dimension)
        for image in images { for index in sum.indices { sum[index] += image.values[index] } }
        let mean = sum.map { $0 / Float(max(images.count, 1)) }
        self.mean = mean
        let centred = images.map { zip($0.values, mean).map { $0 - $1 } }
        components = Self.mainDirections(centred, count: min(count, images.count / 20))
    }

    /// Residual of a normalised image without the common structure, normalised again.
    package func residual(of image: GreyImage) -> GreyImage {
        var rest = zip(image.values, mean).map { $0 - $1 }
        for component in components {
            let share = dot(rest, component)
            for index in rest.indices { rest[index] -= share * component[index] }
        }
        return GreyImage(side: image.side, values: rest).normalized
    }

    /// Principal directions by orthogonal iteration, without decomposing the covariance.
    private static func mainDirections(_ rows: [[Float]], count: Int) -> [[Float]] {
        guard count > 0, let dimension = rows.first?.count else { return [] }
        var generator = SeededGenerator(seed: 0x7A11)
        var directions = (0..<count).map { _ in
            (0..<dimension).map { _ in Float(generator.uniform(-1...1)) }
        }
        orthonormalize(&directions)
        for _ in 0..<8 {
            directions = directions.map { direction in
                var next = [Float](repeating: 0, count: dimension)
                for row in rows {
                    let share = dot(row, direction)
                    for index in next.indices { next[index] += share * row[index] }
                }
                return next
            }
            orthonormalize(&directions)
        }
        return directions
    }

    private static func orthonormalize(_ vectors: inout [[Float]]) {
        for index in vectors.indices {
            var vector = vectors[index]
            // Twice, because one pass loses orthogonality in single precision.
            for _ in 0..<2 {
                for earlier in vectors[..<index] {
                    let share = dot(vector, earlier)
                    for position in vector.indices { vector[position] -= share * earlier[position] }
                }
            }
            let length = dot(vector, vector).squareRoot()
            vectors[index] = length > 1e-6 ? vector.map { $0 / length } : vector.map { _ in 0 }
        }
    }
}

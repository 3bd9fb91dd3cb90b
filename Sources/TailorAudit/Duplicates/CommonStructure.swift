import TailorSupport

/// What the pictures of a dataset have in common: their mean and their main ways to vary.
///
/// Products of one line, X-rays of one kind look alike because they are alike; what tells one from the
/// next, and gives a copy away, is what remains without it.
package struct CommonStructure {
    private let mean: [Float]
    /// Orthonormal, each of the pictures' count of values.
    private let components: [[Float]]

    /// Learnt from normalised pictures of one size. `count` components, fewer when there are few pictures:
    /// they must not learn single ones by heart.
    package init(_ pictures: [GreyPicture], components count: Int = 32) {
        let dimension = pictures.first?.values.count ?? 0
        var sum = [Float](repeating: 0, count: dimension)
        for picture in pictures { for index in sum.indices { sum[index] += picture.values[index] } }
        let mean = sum.map { $0 / Float(max(pictures.count, 1)) }
        self.mean = mean
        let centred = pictures.map { zip($0.values, mean).map { $0 - $1 } }
        components = Self.mainDirections(centred, count: min(count, pictures.count / 20))
    }

    /// The normalised picture without what is common, normalised again.
    package func residual(of picture: GreyPicture) -> GreyPicture {
        var rest = zip(picture.values, mean).map { $0 - $1 }
        for component in components {
            let share = dot(rest, component)
            for index in rest.indices { rest[index] -= share * component[index] }
        }
        return GreyPicture(side: picture.side, values: rest).normalized
    }

    /// Orthogonal iteration: principal directions without a decomposition of the covariance.
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
            // Twice: once loses orthogonality in single precision.
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

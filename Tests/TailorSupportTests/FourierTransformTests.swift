import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct FourierTransformTests {
    private static func noise(_ side: Int) -> FourierTransform.Square {
        var generator = SeededGenerator(seed: 9)
        var square = FourierTransform.Square(side: side)
        for index in square.real.indices {
            square.real[index] = Float(generator.uniform(-1...1))
            square.imaginary[index] = Float(generator.uniform(-1...1))
        }
        return square
    }

    @Test func equalsTheSum() throws {
        let side = 8
        let transform = try #require(FourierTransform(side: side))
        let before = Self.noise(side)
        var after = before
        transform.forward(&after)
        for u in 0..<side {
            for v in 0..<side {
                var (real, imaginary) = (0.0, 0.0)
                for y in 0..<side {
                    for x in 0..<side {
                        let angle = -2 * Double.pi * Double(u * x + v * y) / Double(side)
                        let (a, b) = (before.real[y * side + x], before.imaginary[y * side + x])
                        real += Double(a) * cos(angle) - Double(b) * sin(angle)
                        imaginary += Double(a) * sin(angle) + Double(b) * cos(angle)
                    }
                }
                // Column by column.
                expectClose(after.real[u * side + v], Float(real), absolute: 1e-4)
                expectClose(after.imaginary[u * side + v], Float(imaginary), absolute: 1e-4)
            }
        }
    }

    @Test(arguments: [8, 32, 128]) func thereAndBack(side: Int) throws {
        let transform = try #require(FourierTransform(side: side))
        let before = Self.noise(side)
        var after = before
        transform.forward(&after)
        transform.backward(&after)
        for index in before.real.indices {
            expectClose(after.real[index] / Float(side * side), before.real[index], absolute: 1e-5)
            expectClose(after.imaginary[index] / Float(side * side), before.imaginary[index], absolute: 1e-5)
        }
    }

    /// Real pixels have frequencies that are conjugates of their opposites.
    @Test func oppositeFrequencies() throws {
        let transform = try #require(FourierTransform(side: 16))
        var square = Self.noise(16)
        square.imaginary = [Float](repeating: 0, count: 256)
        transform.forward(&square)
        for index in square.real.indices {
            let other = transform.opposite(index)
            expectClose(square.real[index], square.real[other], absolute: 1e-4)
            expectClose(square.imaginary[index], -square.imaginary[other], absolute: 1e-4)
        }
    }

    @Test(arguments: [-8, 0, 4, 12, 100, 8192]) func sidesThatAreNoPowersOfTwo(side: Int) {
        #expect(FourierTransform(side: side) == nil)
    }
}

import Foundation
import TailorTensors
import TestSupport
import Testing

extension TensorLayer {
    @Suite struct Tensors {
        @Test func imagesLieChannelsLast() throws {
            // One image, 1 × 2 pixels, RGB, then a second one.
            let nhwc: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
            let images = try nhwc.withUnsafeBufferPointer {
                try Tensor.images($0, count: 2, height: 1, width: 2)
            }
            #expect(images.shape == [2, 3, 1, 2])
            #expect(images.isChannelsLast)
            #expect(try images.floats() == [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])
            #expect(try images.contiguous().channelsLast().floats() == images.floats())
            let wrong = message {
                _ = try nhwc.withUnsafeBufferPointer {
                    try Tensor.images($0, count: 2, height: 2, width: 2)
                }
            }
            #expect(wrong == "tensor: shape [2, 3, 2, 2] of Float takes 96 bytes, got 48")
        }

        @Test func elementsComeBackAsTheyWent() throws {
            let floats = try Tensor([1, 2.5, -3, 4, 5, 6], shape: [2, 3])
            #expect(floats.shape == [2, 3] && floats.count == 6 && floats.dtype == .float32)
            #expect(floats.device == .cpu && floats.isContiguous && !floats.isChannelsLast)
            #expect(try floats.floats() == [1, 2.5, -3, 4, 5, 6])
            #expect(try floats.permute([1, 0]).floats() == [1, 4, 2.5, 5, -3, 6])
            #expect(try floats.int64s() == [1, 2, -3, 4, 5, 6])
            let integers = try Tensor([Int64.max, -1], shape: [2])
            #expect(try integers.int64s() == [.max, -1])
            #expect(try integers.rawBytes().count == 16)
            #expect(try Tensor([Float](), shape: [0, 3]).floats() == [])
            #expect(try Tensor([2.5], shape: []).item() == 2.5)
            #expect(
                try Tensor([0.5, 1], shape: [2]).to(.bfloat16).rawBytes() == Data([0, 0x3F, 0x80, 0x3F]))
        }

        @Test func cloneOwnsItsElementsAndDetachShares() throws {
            let original = try Tensor.zeros([2])
            let (copy, shared) = (try original.clone(), try original.detach())
            try original.copy(from: Tensor([1, 2], shape: [2]))
            #expect(try copy.floats() == [0, 0])
            #expect(try shared.floats() == [1, 2])
        }

        @Test func aSymmetricMatrixIsItsEigenvectorsTimesEigenvalues() throws {
            let a = try Tensor([2, 99, 0, 1, 2, 99, 0, 0, 5], shape: [3, 3])  // Above the diagonal: not read.
            let (values, vectors) = try a.symmetricEigen()
            expectClose(try values.doubles(), [1, 3, 5], absolute: 1e-5)
            let half = Double(0.5).squareRoot()
            expectClose(
                try vectors.abs().doubles(), [half, half, 0, half, half, 0, 0, 0, 1], absolute: 1e-5)
            expectClose(
                try (vectors * values).matmul(vectors.permute([1, 0])).doubles(),
                [2, 1, 0, 1, 2, 0, 0, 0, 5],
                absolute: 1e-5)
            let text = message { _ = try Tensor([1, 2], shape: [1, 2]).symmetricEigen() }
            #expect(text.hasPrefix("symmetricEigen: "), "\(text)")
        }

        @Test func arithmeticAndShapes() throws {
            let a = try Tensor([1, 2, 3, 4], shape: [2, 2])
            let b = try Tensor([10, 20], shape: [2])
            #expect(try (a + b).floats() == [11, 22, 13, 24])
            #expect(try (a - b).floats() == [-9, -18, -7, -16])
            #expect(try (a * b).floats() == [10, 40, 30, 80])
            #expect(try a.divided(by: b).floats() == [0.1, 0.1, 0.3, 0.2])
            #expect(try (a * 2).adding(1).subtracting(3).divided(by: 2).floats() == [0, 1, 2, 3])
            #expect(try a.matmul(a).floats() == [7, 10, 15, 22])
            #expect(try a.subtracting(2).relu().floats() == [0, 0, 1, 2])
            #expect(try a.subtracting(2).abs().negated().floats() == [-1, 0, -1, -2])
            #expect(try a.multiplied(by: a).sqrt().floats() == [1, 2, 3, 4])
            try expectClose(a.exp().log(), a, "log(exp(a))")
            #expect(try a.sum().item() == 10)
            #expect(try a.sum([0], keepDimensions: true).shape == [1, 2])
            #expect(try a.mean([1]).floats() == [1.5, 3.5])
            #expect(try a.variance([0], unbiased: false).floats() == [1, 1])
            #expect(try a.argmax(1).int64s() == [1, 1])
            #expect(try a.narrow(1, start: 1, length: 1).floats() == [2, 4])
            #expect(try a.indexSelect(0, Tensor([Int64(1), 0], shape: [2])).floats() == [3, 4, 1, 2])
            #expect(try Tensor.cat([a, a], 1).shape == [2, 4])
            #expect(try Tensor.stack([b, b]).floats() == [10, 20, 10, 20])
            #expect(try a.reshape([-1]).shape == [4])
            #expect(try Tensor.zeros([2, 3, 4, 5]).flatten().shape == [2, 60])
            #expect(try Tensor.full([2], 7, dtype: .int64).int64s() == [7, 7])
        }

        @Test func elementsThatAreNotFiniteAreSeen() throws {
            #expect(try Tensor([1, .greatestFiniteMagnitude], shape: [2]).isAllFinite())
            #expect(try !Tensor([1, .nan], shape: [2]).isAllFinite())
            let good = try Tensor.ones([3])
            #expect(try Tensor.areAllFinite([good, Tensor([Int64(5)], shape: [1])]))
            #expect(try !Tensor.areAllFinite([good, Tensor([-Float.infinity], shape: [1])]))
            #expect(try Tensor.areAllFinite([]))
        }

        @Test func gradientsAddUpUntilCleared() throws {
            let x = try Tensor([1, 2], shape: [2])
            #expect(x.gradient == nil)
            try x.setRequiresGradient()
            for expected: [Float] in [[2, 4], [4, 8]] {
                try (x * x).sum().backward()
                #expect(try x.gradient?.floats() == expected)
            }
            x.clearGradient()
            #expect(x.gradient == nil)
        }
    }
}

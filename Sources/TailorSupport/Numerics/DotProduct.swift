/// Dot product of two vectors, over the length of the shorter one; summed in eight interleaved parts, always the same.
package func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { dot(a, $0) } }
}

func dot(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
    let count = min(a.count, b.count)
    var sums = SIMD8<Double>.zero
    var index = 0
    if let a = UnsafeRawPointer(a.baseAddress), let b = UnsafeRawPointer(b.baseAddress) {
        let stride = MemoryLayout<Double>.stride
        while index + 8 <= count {
            sums +=
                a.loadUnaligned(fromByteOffset: index * stride, as: SIMD8<Double>.self)
                * b.loadUnaligned(fromByteOffset: index * stride, as: SIMD8<Double>.self)
            index += 8
        }
    }
    var sum = sums.sum()
    while index < count {
        sum += a[index] * b[index]
        index += 1
    }
    return sum
}

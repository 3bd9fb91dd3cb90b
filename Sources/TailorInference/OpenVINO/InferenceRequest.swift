import COpenVINO
import Foundation
import TailorImages

/// An inference request with its own memory. For one thread at a time.
package final class InferenceRequest {
    private let network: CompiledNetwork
    private let pointer: OpaquePointer

    init(_ network: CompiledNetwork) throws {
        self.network = network
        pointer = try created("make a request") {
            ov_compiled_model_create_infer_request(network.pointer, &$0)
        }
    }

    deinit { ov_infer_request_free(pointer) }

    /// Copies images into the input and runs. With fewer images than the batch holds, the rest stays as it
    /// was.
    ///
    /// - Parameter images: images of the graph's size; for `.image`, exactly one of any size.
    package func run(_ images: [RGBImage]) throws {
        switch network.input {
        case .pixels(let preprocessing, let batch):
            let bytes = 3 * preprocessing.imageSize * preprocessing.imageSize
            guard images.count <= batch, images.allSatisfy({ $0.pixels.count == bytes }) else {
                throw OpenVINOError(
                    operation: "take the input", status: 0,
                    message: "expected up to \(batch) images of \(bytes) bytes")
            }
            let tensor = try created("reach the input") {
                ov_infer_request_get_input_tensor_by_index(pointer, 0, &$0)
            }
            defer { ov_tensor_free(tensor) }
            var target: UnsafeMutableRawPointer?
            try OpenVINOError.check(ov_tensor_data(tensor, &target), "reach the input")
            for (index, image) in images.enumerated() {
                image.pixels.withUnsafeBytes { source in
                    if let base = source.baseAddress {
                        target?.advanced(by: index * bytes).copyMemory(from: base, byteCount: bytes)
                    }
                }
            }
            try OpenVINOError.check(ov_infer_request_infer(pointer), "compute")
        case .image:
            guard let image = images.first, images.count == 1 else {
                throw OpenVINOError(operation: "take the input", status: 0, message: "expected one image")
            }
            try run(image)
        }
    }

    /// Reads output `index` of the last run, row-major.
    package func output<R>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) throws -> R {
        let tensor = try created("reach output \(index)") {
            ov_infer_request_get_output_tensor_by_index(pointer, index, &$0)
        }
        defer { ov_tensor_free(tensor) }
        var count = 0
        var type = ov_element_type_e(0)
        var data: UnsafeMutableRawPointer?
        try OpenVINOError.check(ov_tensor_get_size(tensor, &count), "measure output \(index)")
        try OpenVINOError.check(ov_tensor_get_element_type(tensor, &type), "measure output \(index)")
        try OpenVINOError.check(ov_tensor_data(tensor, &data), "reach output \(index)")
        guard type == F32, let data else {
            throw OpenVINOError(
                operation: "read output \(index)", status: 0, message: "expected 32-bit floats")
        }
        return try body(
            UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count))
    }

    /// Reads output `index` of the last run, row-major.
    package func output(_ index: Int) throws -> [Float] { try output(index) { Array($0) } }

    private func run(_ image: RGBImage) throws {
        var shape = ov_shape_t()
        let dimensions = [Int64(image.height), Int64(image.width), 3]
        try OpenVINOError.check(ov_shape_create(3, dimensions, &shape), "make a shape")
        defer { _ = ov_shape_free(&shape) }
        let tensor = try created("make the input") { ov_tensor_create(U8, shape, &$0) }
        defer { ov_tensor_free(tensor) }
        var target: UnsafeMutableRawPointer?
        try OpenVINOError.check(ov_tensor_data(tensor, &target), "reach the input")
        image.pixels.withUnsafeBytes { source in
            if let base = source.baseAddress { target?.copyMemory(from: base, byteCount: source.count) }
        }
        try OpenVINOError.check(ov_infer_request_set_input_tensor(pointer, tensor), "set the input")
        try OpenVINOError.check(ov_infer_request_infer(pointer), "compute")
    }
}

/// A pool of inference requests; a thread that finds none waits.
final class RequestPool: @unchecked Sendable {
    // `@unchecked`: `idle` is guarded by `condition`; a request in use belongs to one thread.
    private let condition = NSCondition()
    private var idle: [InferenceRequest]

    init(_ network: CompiledNetwork, count: Int) throws {
        idle = try (0..<max(1, count)).map { _ in try network.makeRequest() }
    }

    func withRequest<R>(_ body: (InferenceRequest) throws -> R) rethrows -> R {
        let request = take()
        defer { give(request) }
        return try body(request)
    }

    private func take() -> InferenceRequest {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let request = idle.popLast() { return request }
            condition.wait()
        }
    }

    private func give(_ request: InferenceRequest) {
        condition.withLock {
            idle.append(request)
            condition.signal()
        }
    }
}

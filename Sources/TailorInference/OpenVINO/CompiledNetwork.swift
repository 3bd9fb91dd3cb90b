import COpenVINO
import Foundation
import TailorImages

/// A graph compiled for this processor and for one shape of input.
package final class CompiledNetwork: Sendable {
    /// Input of a compiled graph.
    package enum Input: Sendable {
        /// Resized images, `[batch, size, size, 3]` bytes, which the compiled graph normalises.
        case pixels(Preprocessing, batch: Int)
        /// One image of any size, `[height, width, 3]` bytes, which the graph resizes and normalises.
        case image
    }

    // `ov::CompiledModel` may be used from several threads.
    nonisolated(unsafe) let pointer: OpaquePointer
    package let input: Input

    /// Compiles a graph. Throws ``OpenVINOError``.
    ///
    /// - Parameter onnx: a file's bytes, from a trusted or checked source.
    package init(onnx: Data, input: Input, settings: NetworkSettings) throws {
        self.input = input
        let core = try OpenVINOCore.shared()
        let read = try onnx.withUnsafeBytes { bytes in
            try created("read the graph") {
                ov_core_read_model_from_memory_buffer(
                    core.pointer, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, nil, &$0)
            }
        }
        defer { ov_model_free(read) }
        guard case .pixels(let preprocessing, let batch) = input else {
            pointer = try Self.compile(core, read, settings)
            return
        }
        let side = Int64(preprocessing.imageSize)
        let dimensions = [Int64(batch), 3, side, side]
        var shape = ov_partial_shape_t()
        try OpenVINOError.check(ov_partial_shape_create_static(4, dimensions, &shape), "make a shape")
        defer { ov_partial_shape_free(&shape) }
        try OpenVINOError.check(ov_model_reshape_single_input(read, shape), "set the batch size")
        let model = try Self.addingPreprocessing(read, preprocessing.normalization)
        defer { ov_model_free(model) }
        pointer = try Self.compile(core, model, settings)
    }

    deinit { ov_compiled_model_free(pointer) }

    /// Makes a request, which one thread at a time may use.
    package func makeRequest() throws -> InferenceRequest { try InferenceRequest(self) }

    private static func compile(_ core: OpenVINOCore, _ model: OpaquePointer, _ settings: NetworkSettings)
        throws
        -> OpaquePointer
    {
        let texts = settings.properties.flatMap { [strdup($0.key), strdup($0.value)] }
        defer { for text in texts { free(text) } }
        let properties = stride(from: 0, to: texts.count, by: 2).map {
            ov_property_t(key: texts[$0], value: texts[$0 + 1])
        }
        return try created("compile the graph") {
            ov_core_compile_model_props(core.pointer, model, "CPU", properties.count, properties, &$0)
        }
    }

    /// Adds conversion from bytes, normalisation and transposition from channels last to the graph.
    private static func addingPreprocessing(
        _ model: OpaquePointer, _ normalization: ChannelNormalization
    ) throws -> OpaquePointer {
        let what = "add the normalisation"
        let processor = try created(what) { ov_preprocess_prepostprocessor_create(model, &$0) }
        defer { ov_preprocess_prepostprocessor_free(processor) }
        let info = try created(what) {
            ov_preprocess_prepostprocessor_get_input_info_by_index(processor, 0, &$0)
        }
        defer { ov_preprocess_input_info_free(info) }
        let tensor = try created(what) { ov_preprocess_input_info_get_tensor_info(info, &$0) }
        defer { ov_preprocess_input_tensor_info_free(tensor) }
        let channelsLast = try created(what) { ov_layout_create("NHWC", &$0) }
        defer { ov_layout_free(channelsLast) }
        let channelsFirst = try created(what) { ov_layout_create("NCHW", &$0) }
        defer { ov_layout_free(channelsFirst) }
        try OpenVINOError.check(ov_preprocess_input_tensor_info_set_element_type(tensor, U8), what)
        try OpenVINOError.check(ov_preprocess_input_tensor_info_set_layout(tensor, channelsLast), what)
        let modelInfo = try created(what) { ov_preprocess_input_info_get_model_info(info, &$0) }
        defer { ov_preprocess_input_model_info_free(modelInfo) }
        try OpenVINOError.check(ov_preprocess_input_model_info_set_layout(modelInfo, channelsFirst), what)
        let steps = try created(what) { ov_preprocess_input_info_get_preprocess_steps(info, &$0) }
        defer { ov_preprocess_preprocess_steps_free(steps) }
        let mean = normalization.levelMean.map(Float.init)
        let scale = normalization.levelDeviation.map(Float.init)
        try OpenVINOError.check(ov_preprocess_preprocess_steps_convert_element_type(steps, F32), what)
        try OpenVINOError.check(
            ov_preprocess_preprocess_steps_mean_multi_channels(steps, mean, Int32(mean.count)), what)
        try OpenVINOError.check(
            ov_preprocess_preprocess_steps_scale_multi_channels(steps, scale, Int32(scale.count)), what)
        return try created(what) { ov_preprocess_prepostprocessor_build(processor, &$0) }
    }
}

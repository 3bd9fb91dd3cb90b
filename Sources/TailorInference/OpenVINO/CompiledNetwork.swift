import COpenVINO
import Foundation
import TailorImages
import TailorModelFile
import TailorSupport

/// A graph compiled for this processor and for one shape of input.
package final class CompiledNetwork: Sendable {
    /// Input of a compiled graph.
    package enum Input: Sendable {
        /// Resized images, `[batch, size, size, 3]` bytes, which the compiled graph normalises.
        case pixels(Preprocessing, batch: Int)
        /// One image of any size, `[height, width, 3]` bytes, which the graph resizes and normalises.
        case image

        init(_ description: ModelDescription) {
            self =
                description.input == .external ? .pixels(description.preprocessing, batch: 1) : .image
        }
    }

    // `ov::CompiledModel` may be used from several threads.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// What the graph was imported from: its weights stay there.
    private let imported: AlignedMemory?
    package let input: Input

    /// Compiles a graph. Throws ``OpenVINOError``.
    ///
    /// - Parameter onnx: a file's bytes, from a trusted or checked source.
    package convenience init(onnx: Data, input: Input, settings: NetworkSettings) throws {
        try self.init(onnx: onnx, input: input, settings: settings, core: .shared())
    }

    /// Compiles a graph. Throws ``OpenVINOError``.
    init(onnx: Data, input: Input, settings: NetworkSettings, core: OpenVINOCore) throws {
        try OpenVINOError.checkThreads(settings)
        self.input = input
        imported = nil
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

    /// Takes what ``exported(through:)`` returned, with the settings of `core`. Throws ``OpenVINOError``.
    ///
    /// - Parameter compiled: bytes known to be OpenVINO's own: it does not defend itself against others.
    init(compiled: Data, input: Input, core: OpenVINOCore) throws {
        self.input = input
        let memory = AlignedMemory(copying: compiled)
        pointer = try created("read the compiled graph") {
            ov_core_import_model(
                core.pointer, memory.bytes.bindMemory(to: CChar.self).baseAddress, memory.bytes.count, "CPU",
                &$0)
        }
        imported = memory
    }

    deinit { ov_compiled_model_free(pointer) }

    /// The compiled graph as bytes, for another start on this machine. Throws ``OpenVINOError`` and `FileError`.
    ///
    /// - Parameter path: where OpenVINO, which writes to files alone, may leave one.
    func exported(through path: String) throws -> Data {
        try OpenVINOError.check(ov_compiled_model_export_model(pointer, path), "keep the compiled graph")
        return try RegularFile.contents(of: URL(fileURLWithPath: path))
    }

    /// Makes a request, which one thread at a time may use.
    package func makeRequest() throws -> InferenceRequest { try InferenceRequest(self) }

    private static func compile(_ core: OpenVINOCore, _ model: OpaquePointer, _ settings: NetworkSettings)
        throws
        -> OpaquePointer
    {
        try settings.withProperties { properties in
            try created("compile the graph") {
                ov_core_compile_model_props(core.pointer, model, "CPU", properties.count, properties, &$0)
            }
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

/// Bytes at an address that suits any instruction, and that does not change.
private final class AlignedMemory: Sendable {
    // Written before `init` returns and only read after.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(copying data: Data) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: data.count, alignment: 4096)
        data.copyBytes(to: copy)
        bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { bytes.deallocate() }
}

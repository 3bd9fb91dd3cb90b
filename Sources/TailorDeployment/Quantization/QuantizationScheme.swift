/// Numbers that activations and biases are quantized to.
public enum QuantizationScheme: String, Codable, Sendable {
    /// Activations 0...255 with a zero point, biases in 32 bits, the first convolution on grey levels: what OpenVINO and
    /// ONNX Runtime compute fastest on processors.
    case affine
    /// Activations −128...127 around 0, biases in floats, the first convolution on the normalised image: the only form
    /// that TensorRT's explicit quantization takes ("Working with Quantized Types", TensorRT 10 and 11).
    case symmetric
}

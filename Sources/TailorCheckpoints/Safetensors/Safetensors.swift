import Foundation
import TailorSupport
import TailorTensors

#if _endian(big)
    #error("safetensors are little-endian, and are read here without swapping bytes")
#endif

/// Reader and writer of Hugging Face's safetensors format.
///
/// The reader is strict: a header over 100 MB, a shape whose size overflows, holes, overlaps, duplicate keys
/// or trailing bytes are refused before a tensor is created. Element types stay as stored.
public enum Safetensors {
    /// Reads a file; the tensors are on the CPU.
    ///
    /// - Throws: `SafetensorsError` when the file is malformed, `FileError` when it cannot be read.
    public static func read(_ url: URL) throws -> (tensors: [String: Tensor], metadata: [String: String]) {
        let file = try RegularFile(reading: url)
        return try read(file.path, byteCount: file.size) { count in
            var data = Data()
            while data.count < count, let piece = try file.read(upTo: count - data.count) {
                if data.isEmpty { data = piece } else { data.append(piece) }
            }
            return data
        }
    }

    /// Decodes a file's bytes; `name` stands for the path in errors. Otherwise as `read`.
    package static func decode(
        _ data: Data, name: String
    ) throws -> (tensors: [String: Tensor], metadata: [String: String]) {
        var rest = data
        return try read(name, byteCount: data.count) { count in
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }

    /// Writes a file atomically. The same content gives the same bytes.
    ///
    /// - Throws: `SafetensorsError` for a name that occurs twice or is reserved, `FileError` when the
    ///   file cannot be written, `TensorError` when a tensor cannot be read.
    public static func write(
        _ tensors: [(String, Tensor)], metadata: [String: String] = [:], to url: URL
    ) throws {
        let (header, ordered) = try prepared(tensors, metadata: metadata, file: url.path)
        try AtomicFile.write(to: url) { file in
            try file.write(contentsOf: header)
            for (_, tensor) in ordered { try file.write(contentsOf: tensor.rawBytes()) }
        }
    }

    /// Encodes tensors and metadata as the bytes of a file.
    package static func encode(
        _ tensors: [(String, Tensor)], metadata: [String: String] = [:]
    ) throws -> Data {
        var (data, ordered) = try prepared(tensors, metadata: metadata, file: "safetensors")
        for (_, tensor) in ordered { data.append(try tensor.rawBytes()) }
        return data
    }

    /// Reads header and tensors in order; `next` returns the given number of bytes, fewer only at the end.
    private static func read(
        _ file: String, byteCount: Int, next: (Int) throws -> Data
    ) throws -> (tensors: [String: Tensor], metadata: [String: String]) {
        let length = try SafetensorsHeader.length(
            next(SafetensorsHeader.lengthByteCount), fileByteCount: byteCount, file: file)
        let elementByteCount = byteCount - SafetensorsHeader.lengthByteCount - length
        let header = try SafetensorsHeader(json: next(length), elementByteCount: elementByteCount, file: file)
        var tensors: [String: Tensor] = [:]
        for entry in header.entries {
            let bytes = try next(entry.range.count)
            guard bytes.count == entry.range.count else {
                // Shorter than when it was opened: the file is being changed.
                throw SafetensorsError(
                    file: file,
                    problem: .truncated(
                        expectedByteCount: elementByteCount, got: entry.range.lowerBound + bytes.count))
            }
            tensors[entry.name] = try bytes.withUnsafeBytes {
                try Tensor(bytes: $0, shape: entry.shape, dtype: entry.dtype)
            }
        }
        return (tensors, header.metadata)
    }

    /// Header with its length prefix, and the tensors in the order of their data.
    private static func prepared(
        _ tensors: [(String, Tensor)], metadata: [String: String], file: String
    ) throws -> (Data, [(String, Tensor)]) {
        var names = Set<String>()
        for (name, _) in tensors {
            guard name != "__metadata__" else {
                throw SafetensorsError(file: file, problem: .reservedName(name))
            }
            guard names.insert(name).inserted else {
                throw SafetensorsError(file: file, problem: .duplicateName(name))
            }
        }
        // Wide elements first, so that each tensor is aligned to its element size, as readers that map the
        // file into memory require. Otherwise in the caller's order.
        let ordered = tensors.enumerated()
            .map { (order: $0.offset, width: $0.element.1.dtype.byteCount, tensor: $0.element) }
            .sorted { ($1.width, $0.order) < ($0.width, $1.order) }
            .map(\.tensor)

        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(StrictJSON.quoted($0.key)):\(StrictJSON.quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var end = 0
        for (name, tensor) in ordered {
            let begin = end
            end += tensor.count * tensor.dtype.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(StrictJSON.quoted(name)):{\"dtype\":\"\(tensor.dtype.safetensorsName)\","
                    + "\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
        }
        var header = Data("{\(members.joined(separator: ","))}".utf8)
        header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
        guard header.count <= SafetensorsHeader.byteLimit else {
            throw SafetensorsError(
                file: file,
                problem: .headerTooLong(byteCount: UInt64(header.count), limit: SafetensorsHeader.byteLimit))
        }
        var data = Data()
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(header)
        return (data, ordered)
    }
}

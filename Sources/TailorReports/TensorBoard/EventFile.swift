import Foundation
import TailorModelFile
import TailorSupport

/// File of events as TensorBoard reads it: records of a length, its checksum, a message and its checksum.
///
/// Every call appends and leaves the file whole, so that TensorBoard may look on.
package final class EventFile {
    private let url: URL
    private var isBegun = false
    private let firstStep: Int

    /// - Parameters:
    ///   - folder: one curve of TensorBoard's; made with the first event.
    ///   - firstStep: earlier files of the folder are void from this step on.
    package init(folder: URL, firstStep: Int = 0, now: Date = Date()) {
        let time = Int(now.timeIntervalSince1970 * 1000)
        url = folder.appending(
            path: "events.out.tfevents.\(time).tailor.\(ProcessInfo.processInfo.processIdentifier)")
        self.firstStep = firstStep
    }

    /// Appends values of a step. Throws `FileError`.
    package func add(_ values: [EventValue], step: Int, at time: Date = Date()) throws {
        var records = Data()
        if !isBegun {
            records += Self.record { $0.fileVersion = "brain.Event:2" }
            records += Self.record(time, step: firstStep) {
                $0.session = .init(status: TensorBoardEvent.SessionLog.start)
            }
        }
        records += Self.record(time, step: step) { event in
            var summary = TensorBoardSummary()
            summary.values = values.map(\.message)
            event.summary = summary
        }
        try append(records)
        isBegun = true
    }

    private static func record(
        _ time: Date = Date(), step: Int = 0, _ fill: (inout TensorBoardEvent) -> Void
    ) -> Data {
        var event = TensorBoardEvent()
        event.wallTime = time.timeIntervalSince1970
        event.step = Int64(step)
        fill(&event)
        return Self.framed(event.serializedBytes())
    }

    /// A record of TensorFlow's `TFRecord`.
    package static func framed(_ message: Data) -> Data {
        func littleEndian(_ value: some FixedWidthInteger) -> Data {
            withUnsafeBytes(of: value.littleEndian) { Data($0) }
        }
        let length = littleEndian(UInt64(message.count))
        return length + littleEndian(CRC32C.masked(length)) + message + littleEndian(CRC32C.masked(message))
    }

    private func append(_ bytes: Data) throws {
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            let descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileError(operation: "write", path: url.path, code: errno) }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: bytes)
        } catch let error as CocoaError {
            throw FileError(operation: "write", path: url.path, reason: FileError.reason(of: error))
        }
    }
}

extension TensorBoardEvent.SessionLog {
    fileprivate init(status: Int32) {
        self.init()
        self.status = status
    }
}

/// Castagnoli's checksum (RFC 3720, appendix B.4), masked as in TensorFlow's records.
package enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    package static func checksum(_ data: Data) -> UInt32 {
        ~data.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    static func masked(_ data: Data) -> UInt32 {
        let sum = checksum(data)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}

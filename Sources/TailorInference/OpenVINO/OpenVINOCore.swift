import COpenVINO
import Foundation

/// OpenVINO's core, mostly one a process.
package final class OpenVINOCore: Sendable {
    // `ov::Core` may be used from several threads.
    nonisolated(unsafe) let pointer: OpaquePointer

    private static let instance = Result { try OpenVINOCore() }

    package static func shared() throws -> OpenVINOCore { try instance.get() }

    private init() throws {
        pointer = try created("start") { ov_core_create(&$0) }
    }

    /// Another core, whose networks get these settings also where they are imported.
    convenience init(_ settings: NetworkSettings) throws {
        try self.init()
        try settings.withProperties {
            try OpenVINOError.check(
                ov_core_set_properties(pointer, "CPU", $0.count, $0), "apply the settings")
        }
    }

    deinit { ov_core_free(pointer) }

    /// Version of OpenVINO, as `2026.4.1-…`.
    package var version: String {
        var version = ov_version_t()
        guard ov_get_openvino_version(&version).rawValue == 0 else { return "unknown" }
        defer { ov_version_free(&version) }
        return version.buildNumber.map { String(cString: $0) } ?? "unknown"
    }

    /// The processor's name.
    package var deviceName: String { property("FULL_DEVICE_NAME") ?? "CPU" }

    /// Arithmetic that the processor supports, as `FP32 INT8 BF16`.
    var capabilities: String { property("OPTIMIZATION_CAPABILITIES") ?? "" }

    /// True if the processor supports bfloat16.
    package var hasBFloat16: Bool {
        capabilities.split(separator: " ").contains("BF16")
    }

    private func property(_ key: String) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard ov_core_get_property(pointer, "CPU", key, &value).rawValue == 0, let value else { return nil }
        defer { ov_free(value) }
        return String(cString: value)
    }
}

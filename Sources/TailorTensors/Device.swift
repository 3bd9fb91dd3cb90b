import CTorch
import TailorSupport

/// Device that holds a tensor: the CPU or a CUDA device.
public struct Device: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Int32, Sendable, Hashable {
        case cpu = 0
        case cuda = 1
    }

    public let kind: Kind
    /// Index of the CUDA device; 0 for the CPU.
    public let index: Int

    public static let cpu = Device(kind: .cpu, index: 0)

    public static func cuda(_ index: Int = 0) -> Device { Device(kind: .cuda, index: index) }

    private init(kind: Kind, index: Int) {
        self.kind = kind
        self.index = index
    }

    /// Parses `cpu`, `cuda` or `cuda:N`; `checkAvailable` tells whether the device exists.
    ///
    /// - Throws: `DeviceError` for any other text.
    public init(parsing text: String) throws {
        switch text {
        case "cpu":
            self = .cpu
        case "cuda":
            self = .cuda()
        default:
            let digits = text.dropFirst("cuda:".count)
            guard text.hasPrefix("cuda:"), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
                let index = Int(digits), index <= 127
            else { throw DeviceError.notADevice(text) }
            self = .cuda(index)
        }
    }

    /// CUDA devices that this process can use; 0 with a CPU build of libtorch.
    public static var cudaDeviceCount: Int { Int(ctorch_cuda_device_count()) }

    /// The first CUDA device if there is one, else the CPU.
    public static var best: Device { cudaDeviceCount > 0 ? .cuda() : .cpu }

    /// Checks that the device exists.
    ///
    /// - Throws: `DeviceError` when this machine or this build of libtorch has no such device.
    public func checkAvailable() throws {
        guard kind == .cuda else { return }
        let count = Device.cudaDeviceCount
        guard index < count else { throw DeviceError.notAvailable(self, cudaDeviceCount: count) }
    }

    public var description: String { kind == .cpu ? "cpu" : "cuda:\(index)" }

    /// Device as the C type of the shim.
    var raw: ctorch_device { ctorch_device(type: kind.rawValue, index: Int32(clamping: index)) }
}

public enum DeviceError: CategorizedError, Sendable, Hashable {
    case notADevice(String)
    case notAvailable(Device, cudaDeviceCount: Int)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .notADevice(let text): "device \"\(text)\": \(reason)"
        case .notAvailable(let device, _): "device \(device): \(reason)"
        }
    }

    /// Description without the device.
    package var reason: String {
        switch self {
        case .notADevice: "expected cpu, cuda or cuda:N with N from 0 to 127"
        case .notAvailable(_, 0): "no CUDA device was found, or this build of libtorch has no CUDA"
        case .notAvailable(_, let count): "expected a number below \(count), the CUDA devices of this machine"
        }
    }
}

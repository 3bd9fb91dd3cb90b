import Foundation

/// A few inference requests that many threads share; who finds none waits.
final class RequestPool: @unchecked Sendable {
    // `@unchecked`: `idle` is guarded by `condition`; a request that is out belongs to one thread.
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

import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Blocking download of a file into memory.
package enum Download {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Downloads a file.
    ///
    /// - Parameters:
    ///   - idleTimeout: seconds without a byte, connecting included, after which it fails.
    ///   - timeout: seconds in total.
    ///   - maximumBytes: a longer response is cut off and refused.
    ///   - begun: called once, on the caller's thread, when the first bytes are there.
    package static func fetch(
        _ url: URL, idleTimeout: TimeInterval = 10, timeout: TimeInterval = 900,
        maximumBytes: Int = 256 << 20,
        begun: () -> Void = {}
    ) throws -> Data {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = idleTimeout
        configuration.timeoutIntervalForResource = timeout
        let receiver = Receiver(maximumBytes: maximumBytes)
        let session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
        let task = session.dataTask(with: url)
        task.resume()
        defer { session.invalidateAndCancel() }
        // Some failures to connect are not bounded by the session's own timeout on Linux.
        return try receiver.wait(
            idleTimeout: idleTimeout + 5, until: Date(timeIntervalSinceNow: timeout), begun: begun)
    }

    /// Delegate that collects the response on the session's queue. All state is guarded by `condition`.
    private final class Receiver: NSObject, URLSessionDataDelegate, @unchecked Sendable {
        private let condition = NSCondition()
        private let maximumBytes: Int
        private var data = Data()
        private var lastProgress = Date()
        private var outcome: Result<Void, Failure>?

        init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

        func wait(idleTimeout: TimeInterval, until end: Date, begun: () -> Void) throws -> Data {
            condition.lock()
            defer { condition.unlock() }
            var hasBegun = false
            while outcome == nil {
                if !hasBegun, !data.isEmpty {
                    hasBegun = true
                    begun()
                }
                let deadline = min(end, lastProgress + idleTimeout)
                guard Date() < deadline else { throw Failure(description: "no answer in time") }
                _ = condition.wait(until: deadline)
            }
            try outcome?.get()
            return data
        }

        private func update(_ change: () -> Void) {
            condition.lock()
            change()
            lastProgress = Date()
            condition.signal()
            condition.unlock()
        }

        private func finish(_ result: Result<Void, Failure>) {
            if outcome == nil { outcome = result }
        }

        func urlSession(
            _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
            completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
        ) {
            let code = (response as? HTTPURLResponse)?.statusCode
            guard code == nil || code == 200 else {
                update { finish(.failure(Failure(description: "the server answered \(code ?? 0)"))) }
                return completionHandler(.cancel)
            }
            completionHandler(.allow)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive chunk: Data) {
            update {
                guard data.count + chunk.count <= maximumBytes else {
                    finish(.failure(Failure(description: "more than \(maximumBytes) bytes")))
                    return dataTask.cancel()
                }
                data.append(chunk)
            }
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?)
        {
            update {
                finish(error.map { .failure(Failure(description: $0.localizedDescription)) } ?? .success(()))
            }
        }
    }
}

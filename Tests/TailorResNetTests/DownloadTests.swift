import Foundation
import TailorResNet
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Against a server on this machine that answers once, or never.
@Suite struct DownloadTests {
    /// Listens on 127.0.0.1; answers the first connection with `answer`, or keeps silent when it is nil.
    final class Server: Sendable {
        let port: UInt16
        private let descriptor: Int32

        init(answer: [UInt8]?) throws {
            #if canImport(Darwin)
                let listener = socket(AF_INET, SOCK_STREAM, 0)
            #else
                let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #endif
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, size) == 0 && listen(listener, 4) == 0
                        && getsockname(listener, $0, &size) == 0
                }
            }
            try #require(bound)
            descriptor = listener
            port = UInt16(bigEndian: address.sin_port)
            guard let answer else { return }
            Thread.detachNewThread {
                let connection = accept(listener, nil, nil)
                var request = [UInt8](repeating: 0, count: 4096)
                _ = recv(connection, &request, request.count, 0)
                var sent = 0
                while sent < answer.count {
                    let count = answer[sent...].withUnsafeBytes {
                        send(connection, $0.baseAddress, $0.count, 0)
                    }
                    if count <= 0 { break }
                    sent += count
                }
                close(connection)
            }
        }

        deinit { close(descriptor) }

        var url: URL { URL(string: "http://127.0.0.1:\(port)/file") ?? URL(fileURLWithPath: "/") }
    }

    private func http(_ status: String, _ body: [UInt8]) -> [UInt8] {
        Array("HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n".utf8) + body
    }

    @Test func bodyArrives() throws {
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let server = try Server(answer: http("200 OK", body))
        #expect(try Download.fetch(server.url, idleTimeout: 5) == Data(body))
    }

    @Test func otherStatusIsAFailure() throws {
        let server = try Server(answer: http("404 Not Found", Array("gone".utf8)))
        let error = #expect(throws: Download.Failure.self) { try Download.fetch(server.url, idleTimeout: 5) }
        #expect(error?.description == "the server answered 404")
    }

    @Test func tooMuchIsCutOff() throws {
        let server = try Server(answer: http("200 OK", [UInt8](repeating: 0, count: 100_000)))
        let error = #expect(throws: Download.Failure.self) {
            try Download.fetch(server.url, idleTimeout: 5, maximumBytes: 1000)
        }
        #expect(error?.description == "more than 1000 bytes")
    }

    @Test func brokenBodyIsAFailure() throws {
        let server = try Server(
            answer: Array(http("200 OK", [UInt8](repeating: 0, count: 1000)).dropLast(500)))
        #expect(throws: Download.Failure.self) { try Download.fetch(server.url, idleTimeout: 2) }
    }

    @Test func silenceEnds() throws {
        let server = try Server(answer: nil)
        #expect(throws: Download.Failure.self) { try Download.fetch(server.url, idleTimeout: 1) }
    }

    @Test func nobodyThereIsAFailure() throws {
        let port = try Server(answer: nil).port
        let url = try #require(URL(string: "http://127.0.0.1:\(port)/file"))
        #expect(throws: Download.Failure.self) { try Download.fetch(url, idleTimeout: 2) }
    }
}

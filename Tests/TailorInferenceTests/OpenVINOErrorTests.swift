import Foundation
import Tailor
import TestSupport
import Testing

/// OpenVINO's error texts.
@Suite(.serialized) struct OpenVINOErrorTests {
    private func request() throws -> InferenceRequest {
        let random = try RandomModel()
        return try CompiledNetwork(
            onnx: random.file().bytes, input: .pixels(random.preprocessing, batch: 1),
            settings: NetworkSettings(threads: 1)
        ).makeRequest()
    }

    @Test func theTextIsOpenVINOsWithoutItsSourceFiles() throws {
        let request = try request()
        let error = #expect(throws: OpenVINOError.self) { try request.output(99) }
        let text = try #require(error?.description)
        #expect(text.hasPrefix("OpenVINO could not reach output 99: ") && !text.contains("Exception from"))
        #expect(error?.message.isEmpty == false && error?.status != 0)
    }

    #if os(Linux)
        @Test func aTextIsGivenBackOnceItIsRead() throws {
            let request = try request()
            func fail(_ times: Int) {
                for _ in 0..<times { _ = try? request.output(99) }
            }
            fail(2_000)
            let before = try Self.residentBytes()
            fail(40_000)
            let grown = try Self.residentBytes() - before
            #expect(grown < 2 << 20, "grew by \(grown) bytes")
        }

        private static func residentBytes() throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            return try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4096
        }
    #endif
}

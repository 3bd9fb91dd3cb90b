import Foundation
import TailorModelFile
import TailorSupport
import Testing

/// Small files cut off, flipped and torn: every one ends in a value or in a named error.
///
/// The digest hides the graph's parser from damage, so the messages are also read by themselves, and graphs that
/// are still readable are put into a file whose digest fits.
@Suite(.serialized) struct DamagedModelTests {
    struct Counts {
        var values = 0
        var errors = 0

        mutating func add(_ isValue: Bool) {
            if isValue { values += 1 } else { errors += 1 }
        }
    }

    // MARK: every cut, every bit

    @Test func everyTruncation() throws {
        let file = try SmallModel.file()
        for count in 0..<file.bytes.count {
            #expect(throws: ModelFileError.self, "\(count) bytes") {
                try ModelFile(bytes: file.bytes.prefix(count), name: "cut")
            }
        }
        var counts = Counts()
        for count in 0..<file.bytes.count { counts.add(readsFile(file.bytes.prefix(count))) }
        let graph = SmallModel.everyField().serializedBytes()
        for count in 0..<graph.count { counts.add(readsGraph(graph.prefix(count))) }
        // Between two fields, the rest is not missed.
        #expect(counts.values > 10 && counts.errors > 500, "\(counts)")
    }

    @Test func everyFlippedBitOfAFile() throws {
        let file = try SmallModel.file()
        var counts = Counts()
        for position in file.bytes.indices {
            for bit in 0..<8 {
                var bytes = file.bytes
                bytes[position] ^= 1 << UInt8(bit)
                counts.add(readsFile(bytes))
                guard let read = open(bytes) else { continue }
                #expect(
                    read.graph == file.graph && read.description == file.description, "byte \(position)")
            }
        }
        #expect(counts.values > 1000 && counts.errors > 100, "\(counts)")
    }

    @Test func everyFlippedBitOfAGraph() throws {
        let graph = SmallModel.everyField().serializedBytes()
        var counts = Counts()
        for position in graph.indices {
            for bit in 0..<8 {
                var bytes = graph
                bytes[position] ^= 1 << UInt8(bit)
                counts.add(readsGraph(bytes))
            }
        }
        #expect(counts.values > 100 && counts.errors > 100, "\(counts)")
        // The same in a graph that a model file may hold, through all checks.
        let sound = SmallModel.graph().serializedBytes()
        counts = Counts()
        for position in sound.indices {
            for bit in 0..<8 {
                var bytes = sound
                bytes[position] ^= 1 << UInt8(bit)
                check(bytes, into: &counts)
            }
        }
        #expect(counts.values > 10 && counts.errors > 100, "\(counts)")
    }

    // MARK: 100,000 mutations each

    @Test func mutatedFiles() throws {
        let file = Array(try SmallModel.file().bytes)
        var generator = SeededGenerator(seed: 21)
        var (messages, files) = (Counts(), Counts())
        for _ in 0..<100_000 {
            let bytes = Data(Mutation.of(file, &generator))
            messages.add(readsFile(bytes))
            files.add(open(bytes) != nil)
        }
        #expect(messages.values > 1000 && messages.errors > 1000, "\(messages)")
        #expect(files.errors > 10_000, "\(files)")
    }

    @Test func mutatedGraphs() throws {
        let graphs = [SmallModel.everyField(), SmallModel.graph()].map { Array($0.serializedBytes()) }
        var generator = SeededGenerator(seed: 22)
        var (messages, files) = (Counts(), Counts())
        for index in 0..<100_000 {
            let bytes = Data(Mutation.of(graphs[index % 2], &generator))
            messages.add(readsGraph(bytes))
            if index % 2 == 1 { check(bytes, into: &files) }
        }
        #expect(messages.values > 1000 && messages.errors > 1000, "\(messages)")
        #expect(files.values > 10 && files.errors > 1000, "\(files)")
    }

    // MARK: where the damage is

    /// The byte is counted from the start of the file, also within the graph.
    @Test func errorsNameTheByte() throws {
        let file = try SmallModel.file()
        let place = try #require(file.bytes.firstRange(of: Data("Relu".utf8))).lowerBound
        var bytes = file.bytes
        bytes[place] = 0xff
        var model = try ONNXModelFile(serializedBytes: bytes)
        model.metadataProps[1].value = try SmallModel.digest(model)
        #expect(
            throws: ModelFileError.refused(
                path: "m", reason: "its graph is no ONNX graph: byte \(place): field 4: its text is not UTF-8"
            )
        ) { try ModelFile(bytes: model.serializedBytes(), name: "m") }
        #expect(
            throws: ModelFileError.notAModel(
                path: "m",
                reason: "its bytes are no ONNX (cut off, or something else): byte 3: "
                    + "a length of 6 bytes, of which 2 are there")
        ) { try ModelFile(bytes: file.bytes.prefix(6), name: "m") }
    }

    /// A graph in two pieces would be one to a runtime; we would have checked the second alone.
    @Test func aGraphInTwoPieces() throws {
        let file = try SmallModel.file()
        let bytes = Data(Wire.bytes(7, Wire.bytes(1, Wire.text(4, "If")))) + file.bytes
        let error = #expect(throws: ModelFileError.self) { try ModelFile(bytes: bytes, name: "m") }
        #expect("\(error.map { "\($0)" } ?? "")".contains("field 7 a second time"))
    }

    // MARK: reading

    private func readsFile(_ bytes: Data) -> Bool {
        guard let model = message(ONNXModelFile.self, bytes, 0) else { return false }
        return message(ONNXGraph.self, model.graph, model.graphOffset ?? 0) != nil
    }

    private func readsGraph(_ bytes: Data) -> Bool { message(ONNXGraph.self, bytes, 0) != nil }

    /// What was read must be written and read again the same.
    private func message<M: WireMessage>(_ type: M.Type, _ bytes: Data, _ offset: Int) -> M? {
        do throws(WireError) {
            let message = try M(serializedBytes: bytes, offset: offset)
            let written = message.serializedBytes()
            let again = try M(serializedBytes: written).serializedBytes()
            if again != written { Issue.record("\(Array(bytes))") }
            return message
        } catch {
            // The byte where something ends too early is the first after the last.
            if error.offset < offset || error.offset > offset + bytes.count || "\(error)".isEmpty {
                Issue.record("\(error) of \(bytes.count) bytes at \(offset)")
            }
            return nil
        }
    }

    private func open(_ bytes: Data) -> ModelFile? {
        do {
            return try ModelFile(bytes: bytes, name: "damaged")
        } catch {
            if !(error is ModelFileError) { Issue.record("\(error)") }
            return nil
        }
    }

    /// Whether the graph passes all checks behind a digest that fits; unknown fields are lost on the way.
    private func check(_ bytes: Data, into counts: inout Counts) {
        guard let graph = try? ONNXGraph(serializedBytes: bytes) else { return }
        do {
            let file = try ModelFile(graph: graph, description: SmallModel.description)
            counts.values += 1
            #expect(file.graph.serializedBytes() == graph.serializedBytes())
        } catch {
            counts.errors += 1
            if !(error is ModelFileError) { Issue.record("\(error)") }
        }
    }
}

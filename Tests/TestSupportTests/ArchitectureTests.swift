import Foundation
import Testing

/// Documentation/Architecture.md, held against the sources it describes.
struct ArchitectureTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The steps of the walks: `path`: `function`.
    @Test func everyStepOfTheWalksIsThere() throws {
        let steps = try Self.text("Documentation/Architecture.md").matches(of: /(?m)^\d+\. `(.+)`: `(.+)`$/)
        #expect(steps.count >= 20)
        for step in steps {
            let (path, function) = (String(step.1), String(step.2))
            let source = try Self.text(path)
            let names = function == "init" ? ["init("] : ["func \(function)(", "func \(function)<"]
            #expect(names.contains { source.contains($0) }, "\(path) has no \(function)")
        }
    }

    /// The edges of the graph are dependencies in the manifest, and every module has a row in the table.
    @Test func theGraphIsTheManifests() throws {
        let document = try Self.text("Documentation/Architecture.md")
        let manifest = try Self.text("Package.swift")
        let edges = document.matches(of: /(?m)^  (\w+) --> (\w+)$/)
        #expect(edges.count >= 20)
        for edge in edges {
            let target = try #require(
                manifest.firstRange(of: try Regex("arget\\(\\s*name: \"\(edge.1)\"")))
            let rest = manifest[target.upperBound...]
            let declaration = rest.prefix(upTo: rest.firstRange(of: "arget(")?.lowerBound ?? rest.endIndex)
            #expect(
                declaration.contains("\"\(edge.2)\"") || edge.1 == "Tailor" || edge.1 == "TailorCommand",
                "\(edge.1) does not depend on \(edge.2)")
        }
        let sources = try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/Sources")
        for module in sources where module.hasPrefix("Tailor") {
            #expect(document.contains("| `\(module)` |"), "no row for \(module)")
        }
    }
}

import Foundation
import TailorSupport

/// A parser under test.
struct FuzzTarget: Sendable {
    let name: String
    /// Feeds an input to the parser. What it throws is an answer like any other; see `check`.
    let run: @Sendable (Data) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (Data) throws -> Void) {
        self.name = name
        self.run = run
    }

    static let all: [FuzzTarget] =
        imageTargets + checkpointTargets + modelTargets + textTargets + annotationTargets + listTargets
        + runTargets + argumentTargets

    /// Runs one input. An error must be a refusal that names its category, and its text one that a terminal
    /// can show; the rest of what can go wrong ends the process.
    func check(_ input: Data) {
        do {
            try run(input)
        } catch let broken as BrokenInvariant {
            fatalError("\(name): \(broken.description)")
        } catch let error as any CategorizedError {
            let text = "\(error)"
            // More than a screen would hold what it should name.
            guard text.utf8.count < 20_000 else {
                fatalError("\(name): an error of \(text.utf8.count) bytes")
            }
        } catch {
            fatalError("\(name): an error without a category: \(type(of: error)): \(error)")
        }
    }
}

/// What a parser accepted, and then did not keep to.
struct BrokenInvariant: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws(BrokenInvariant) {
    if !condition { throw BrokenInvariant(text()) }
}

/// Runs `body` and passes over the errors that its callers, which are not under test, give a category.
func ignoring<E: Error>(_ type: E.Type, _ body: () throws -> Void) throws {
    do { try body() } catch is E {}
}

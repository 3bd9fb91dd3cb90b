import TailorImages
import TailorSupport

/// File or folder that cannot be used, with the reason.
public struct FileProblem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Path from the dataset's folder.
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path.printable): \(reason)" }
}

/// Result of reading one file of many: a value or a problem, so that the others are still read.
package enum FileOutcome<Value: Sendable>: Sendable {
    case value(Value)
    case problem(FileProblem)

    /// Captures what `read` throws as the file's problem, except `ContentHashError`, which is not the file's
    /// fault and is rethrown.
    package init(of path: String, _ read: () throws -> Value) throws(ContentHashError) {
        do {
            self = .value(try read())
        } catch let error as ContentHashError {
            throw error
        } catch {
            // Without the path, which the problem holds already.
            self = .problem(FileProblem(path: path, reason: (error as? ImageError)?.reason ?? "\(error)"))
        }
    }

    /// Value that was read; nil for a problem.
    package var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }

    /// Problem of the file; nil for a value.
    package var problem: FileProblem? {
        guard case .problem(let problem) = self else { return nil }
        return problem
    }
}

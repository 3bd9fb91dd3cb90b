import TailorImages
import TailorSupport

/// What came of reading one file of many: the others are read whatever is wrong with it.
package enum FileOutcome<Value: Sendable>: Sendable {
    case value(Value)
    case problem(FileProblem)

    /// What `read` throws becomes the problem of the file, but for `ContentHashError`: that is no file's problem,
    /// but the program's, and thrown.
    package init(of path: String, _ read: () throws -> Value) throws(ContentHashError) {
        do {
            self = .value(try read())
        } catch let error as ContentHashError {
            throw error
        } catch {
            // Without the path, which the problem states already.
            self = .problem(FileProblem(path: path, reason: (error as? ImageError)?.reason ?? "\(error)"))
        }
    }

    /// Nil for a problem.
    package var value: Value? {
        guard case .value(let value) = self else { return nil }
        return value
    }

    /// Nil for a value.
    package var problem: FileProblem? {
        guard case .problem(let problem) = self else { return nil }
        return problem
    }
}

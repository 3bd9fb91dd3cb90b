import TailorSupport

/// Dataset that cannot be used for training or testing, with a remedy.
public enum DatasetError: CategorizedError, Equatable, Sendable {
    /// Folder that is missing, not a folder, or not readable.
    case unreadableFolder(path: String, reason: String)
    /// Folder name that is not UTF-8, so that it cannot be a class name.
    case nameNotUTF8(folder: String, name: String)
    case noTrain(path: String, found: [String])
    /// CSV that is no list of a dataset's images, with the reason.
    case manifest(path: String, reason: String)
    case severalFolders(path: String, names: [String], meaning: String)
    /// Folder that may be a split or a class.
    case unclearFolder(path: String, reason: String)
    /// Class folders that hold the splits, instead of the other way round.
    case splitsWithinClasses(path: String, folder: String, splits: [String])
    case noClassFolders(path: String, looseImages: Int)
    /// Dataset with a single class; `suggestion` is a subfolder that looks like the one meant.
    case oneClass(path: String, name: String, suggestion: String?)
    case emptyClasses(folder: String, names: [String])
    /// No images, but files of a format that is not read, with what to do.
    case foreignFiles(folder: String, description: String)
    case sameLookingClasses(folder: String, name: String)
    case unknownClasses(folder: String, names: [String])
    case emptySplit(folder: String)
    case leadsIntoTest(path: String)
    /// Link to a folder of another split.
    case leadsIntoSplit(path: String, folder: String)
    case noTest(path: String)
    /// More unreadable files than may be skipped; `strict` if none may.
    case unreadableFiles(problems: [FileProblem], total: Int, share: Double, strict: Bool)
    /// Classes that lose all their images when unreadable files are skipped.
    case classesLost(names: [String], problems: [FileProblem])
    /// Validation set that loses all its images when unreadable files are skipped.
    case validationLost(problems: [FileProblem])
    case allIdentical(count: Int)
    /// Share to split off train for validation, where the dataset has validation images.
    case shareWithoutEffect(path: String)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unreadableFolder(let path, let reason):
            return "could not list \(path.printable): \(reason)"
        case .nameNotUTF8(let folder, let name):
            return "\(folder.printable) holds a folder whose name is not UTF-8 (\(name.printable)): rename it"
        case .noTrain(let path, let found):
            return "\(path.printable) has \(found.listed()) but no train folder"
        case .manifest(let path, let reason):
            return "\(path.printable): \(reason)"
        case .severalFolders(let path, let names, let meaning):
            return
                "\(path.printable) has several folders that could be \(meaning) (\(names.listed())): keep one"
        case .unclearFolder(let path, let reason):
            return
                "\(path.printable) may be a split or a class: \(reason). If it is a split, call it train, val "
                + "or test and move what is none away; if it is a class, let its images lie in it, not in folders"
        case .splitsWithinClasses(let path, let folder, let splits):
            return
                "\(path.printable)/\(folder.printable) holds folders called \(splits.listed()): expected the "
                + "classes within the splits (train/<class>), or a folder that holds one dataset only"
        case .noClassFolders(let path, let loose):
            let images = loose > 0 ? " (\(counted(loose, "image")) outside of any)" : ""
            return
                "\(path.printable) holds no class folders\(images): expected one folder a class with its images"
        case .oneClass(let path, let name, let suggestion):
            let hint = suggestion.map { "; did you mean \($0.printable)?" } ?? ""
            return "\(path.printable) holds one class only (\(name.printable)): expected two or more\(hint)"
        case .emptyClasses(let folder, let names):
            return "no images in \(counted(names.count, "class folder")) of \(folder.printable): "
                + "\(names.listed()). Add images or remove the folder"
        case .foreignFiles(let folder, let description):
            return "\(folder.printable) holds \(description)"
        case .sameLookingClasses(let folder, let name):
            return "\(folder.printable) holds two class folders that read \(name.printable) and differ only "
                + "in how their letters are encoded: rename one"
        case .unknownClasses(let folder, let names):
            return "\(folder.printable) has \(counted(names.count, "class", "classes")) that training does "
                + "not know: \(names.listed())"
        case .emptySplit(let folder):
            return "\(folder.printable) holds no images: add images or remove the folder"
        case .leadsIntoTest(let path):
            return
                "\(path.printable) is a link into the test folder: training may not see what it is tested on"
        case .leadsIntoSplit(let path, let folder):
            return
                "\(path.printable) is a link into \(folder.printable)/: the same images would stand for two "
                + "splits"
        case .noTest(let path):
            return "\(path.printable) has no test folder: evaluation needs images that training never saw"
        case .unreadableFiles(let problems, let total, let share, let strict):
            return Self.unreadable(problems, total: total, share: share, strict: strict)
        case .classesLost(let names, let problems):
            return
                "no readable image is left in \(counted(names.count, "class", "classes")): \(names.listed())"
                + Self.list(problems)
        case .validationLost(let problems):
            return "no readable image is left for validation" + Self.list(problems)
        case .allIdentical(let count):
            return "all \(count) images are identical: there is nothing to learn"
        case .shareWithoutEffect(let path):
            return
                "\(path.printable) has validation images of its own: no share of train is split off. Leave "
                + "out --validation-share, or take these images away"
        }
    }

    private static func unreadable(
        _ problems: [FileProblem], total: Int, share: Double, strict: Bool
    ) -> String {
        let limit =
            if strict {
                "strict mode allows none"
            } else if share > 0 {
                "at most \(percent(share)) may be skipped"
            } else {
                "none is left out unasked: repair them, or name them in a list for --exclude-from"
            }
        return "\(problems.count) of \(counted(total, "image")) cannot be read (\(limit))" + list(problems)
    }

    private static func list(_ problems: [FileProblem]) -> String {
        var text = problems.isEmpty ? "" : ":"
        for problem in problems.prefix(10) { text += "\n  \(problem)" }
        if problems.count > 10 { text += "\n  and \(problems.count - 10) more" }
        return text
    }

    package static func percent(_ share: Double) -> String {
        let hundredths = (share * 10_000).rounded() / 100
        return hundredths == hundredths.rounded() ? "\(Int(hundredths)) %" : "\(hundredths) %"
    }
}

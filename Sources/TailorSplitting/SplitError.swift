import TailorDatasets
import TailorSupport

/// Split that cannot be made as requested, with a remedy.
public enum SplitError: CategorizedError, Equatable, Sendable {
    case shares(val: Double, test: Double)
    case number(name: String, value: Double, expected: String)
    /// Fewer indivisible sets of images than parts. `groups`: names of the groups that make them; none where
    /// the images are tied by nothing but copies.
    case tooFewGroups(count: Int, groups: [String], images: Int, parts: Int)
    /// Images that cannot be divided into folds, with the reason.
    case folds(count: Int, reason: String)
    /// Index from the caller that is out of range.
    case beyond(what: String, index: Int, count: Int)
    case groupPattern(String, reason: String)
    /// Pattern or table of groups that hits none of the images, or contradicts itself.
    case groups(String)
    /// Renaming of classes that cannot be carried out.
    case renaming(String)
    /// Groups given both by the source and by a pattern.
    case groupedTwice(path: String)
    /// Source that is missing, or neither a folder nor a CSV.
    case unusableSource(path: String, reason: String)
    case alreadySplit(path: String, folders: [String])
    /// Source without the parts that were to be kept or merged.
    case notSplit(path: String)
    /// Source that has every part already.
    case nothingMissing(path: String, folders: [String])
    /// Invalid header line of a CSV.
    case header(path: String, reason: String)
    /// Unusable rows, images or annotations; paths are as the user gave them, or below.
    case problems([FileProblem], in: String)
    case nothingToSplit(path: String, reason: String)
    case destination(path: String, reason: String)
    /// Link that does not lead to a file after it was written.
    case unresolved(path: String, target: String)
    case interrupted

    public var category: ErrorCategory {
        if case .interrupted = self { .work } else { .input }
    }

    public var description: String {
        switch self {
        case .shares(let val, let test):
            return
                "shares of val \(val) and test \(test): expected 0 or more each, above 0 and below 1 together"
        case .number(let name, let value, let expected):
            return "\(name) \(value): expected \(expected)"
        case .tooFewGroups(let count, let groups, let images, let parts):
            return Self.tooFew(count, groups: groups, images: images, parts: parts)
        case .folds(let count, let reason):
            return "\(count) folds cannot be made: \(reason)"
        case .beyond(let what, let index, let count):
            return "\(what) is \(index): expected 0 or more and below \(count)"
        case .groupPattern(let pattern, let reason):
            return "the group pattern \"\(pattern.printable)\" is not a regular expression: \(reason)"
        case .groups(let reason), .renaming(let reason):
            return reason
        case .groupedTwice(let path):
            return "\(path.printable) has a group column: leave out the group pattern or the column"
        case .unusableSource(let path, let reason):
            return "\(path.printable): \(reason)"
        case .alreadySplit(let path, let folders):
            let names = folders.map { $0 + "/" }
            return
                "\(path.printable) is split already (\(names.listed())): --keep-splits keeps these and cuts what "
                + "is missing out of train, --merge divides all of their images anew"
        case .notSplit(let path):
            return "\(path.printable) has no train, val or test folder: leave out --keep-splits and --merge"
        case .nothingMissing(let path, let folders):
            return
                "\(path.printable) has \(folders.map { $0 + "/" }.listed()) and no other part is asked for: "
                + "there is nothing to add; --merge divides all of its images anew"
        case .header(let path, let reason):
            return "\(path.printable), first line: \(reason)"
        case .problems(let problems, let place):
            return Self.list(problems, in: place)
        case .nothingToSplit(let path, let reason):
            return "\(path.printable): \(reason)"
        case .destination(let path, let reason):
            return "\(path.printable): \(reason)"
        case .unresolved(let path, let target):
            return "the link \(path.printable) does not lead to an image (\(target.printable))"
        case .interrupted:
            return "interrupted: nothing was written"
        }
    }

    private static func tooFew(_ count: Int, groups: [String], images: Int, parts: Int) -> String {
        let (what, rule, remedy): (String, String, String)
        if !groups.isEmpty {
            let names = groups.listed(limit: 3)
            let joined = groups.count > count ? ", joined to \(count) by copies of a picture," : ""
            what = " in \(counted(max(count, groups.count), "group")) (\(names))\(joined)"
            rule = "a group stays on one side, expected \(parts) groups or more"
            remedy = "group more finely, add images of other groups"
        } else if count < images {
            what = " in \(counted(count, "set")) of copies, or pictures of one subject,"
            rule = "a set stays on one side, expected \(parts) sets or more"
            remedy = "add other pictures"
        } else {
            (what, rule, remedy) = ("", "expected \(parts) images or more", "add images")
        }
        let other = parts > 2 ? "leave out val or test (a share of 0)" : "divide them by hand"
        return "\(counted(images, "image"))\(what) cannot be divided among \(parts) parts: \(rule). "
            + "Remedy: \(remedy), or \(other)"
    }

    private static func list(_ problems: [FileProblem], in place: String) -> String {
        var text = "\(counted(problems.count, "problem")) in \(place.printable):"
        for problem in problems.prefix(10) { text += "\n  \(problem)" }
        if problems.count > 10 { text += "\n  and \(problems.count - 10) more" }
        return text
    }
}

import TailorSupport

/// Image that was found for the name that an annotation or a row gives.
struct ImageMatch {
    /// What differs between the image and the name that was given.
    enum Difference: Hashable, CaseIterable {
        case folder, spelling, fileExtension
        /// The image has the name of the annotation file, and the file names another.
        case staleName

        fileprivate var words: String {
            switch self {
            case .folder: "in another folder than named"
            case .spelling: "by a name that differs in case or Unicode form"
            case .fileExtension: "with another extension than named"
            case .staleName: "by the name of the annotation file, which names another"
            }
        }
    }

    let path: String
    /// Whether no other image can be meant. A match that is less yields to one that is.
    let isCertain: Bool
    /// Difference worth a note.
    let difference: Difference?

    init(_ path: String, isCertain: Bool = true, difference: Difference? = nil) {
        self.path = path
        self.isCertain = isCertain
        self.difference = difference
    }

    /// Notes on the differences of many matches, one a kind, with the first name and its image.
    static func notes(_ matches: [(difference: Difference?, name: String, path: String)]) -> [String] {
        Difference.allCases.compactMap { difference in
            let found = matches.filter { $0.difference == difference }
            guard let first = found.first else { return nil }
            return "\(counted(found.count, "image")) found \(difference.words): \(first.name.printable) → "
                + first.path.printable
        }
    }
}

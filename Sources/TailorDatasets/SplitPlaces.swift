import TailorSupport

/// Where the splits of a dataset lie, with links resolved.
struct SplitPlaces {
    struct Place {
        let part: SplitPart
        /// Name for messages; `.` for class folders at the top.
        let name: String
        fileprivate let path: String
        /// Test folder that lies within the class folders' root and is none of them.
        fileprivate var except: String?

        /// Whether a path lies in the split's folder.
        func contains(_ target: String) -> Bool {
            SplitPlaces.lies(target, within: path)
                && !(except.map { SplitPlaces.lies(target, within: $0) } ?? false)
        }
    }

    private let places: [Place]

    /// Path of the test folder; nil if there is none.
    var test: String? { places.first { $0.part == .test }?.path }

    /// Throws `DatasetError` when the folder of one split lies in that of another.
    init(_ top: RootEntries, in root: String) throws {
        guard let home = DirectoryListing.resolved(root) else {
            places = []
            return
        }
        var places = SplitPart.allCases.compactMap { part -> Place? in
            guard let name = top.folder(of: part), let path = DirectoryListing.resolved(root + "/" + name)
            else { return nil }
            return Place(part: part, name: name, path: path)
        }
        func isLink(_ place: Place) -> Bool { PathKey(place.path) != PathKey(home + "/" + place.name) }
        for place in places {
            for other in places where other.part != place.part && Self.lies(place.path, within: other.path) {
                // Of two that are one folder, the link is the trouble.
                let (link, target) = isLink(place) || !isLink(other) ? (place, other) : (other, place)
                let path = root + "/" + link.name
                throw target.part == .test
                    ? DatasetError.leadsIntoTest(path: path)
                    : DatasetError.leadsIntoSplit(path: path, folder: target.name)
            }
        }
        if top.train == nil, top.validation == nil {
            places.append(Place(part: .train, name: ".", path: home, except: places.first?.path))
        }
        self.places = places
    }

    /// Splits other than `part`.
    func apart(from part: SplitPart) -> [Place] { places.filter { $0.part != part } }

    static func lies(_ path: String, within folder: String) -> Bool {
        let (path, folder) = (path.utf8, folder.utf8)
        return path.starts(with: folder)
            && (path.count == folder.count || folder.last == UInt8(ascii: "/")
                || path.dropFirst(folder.count).first == UInt8(ascii: "/"))
    }
}

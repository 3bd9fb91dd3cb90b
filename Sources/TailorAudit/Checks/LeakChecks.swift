import TailorDatasets
import TailorSupport

/// Checks for duplicates across splits, classes and within a split.
struct LeakChecks {
    let images: [ScreenedImage]
    let classes: [String]
    let search: DuplicateSearch
    /// Group name of each image; nil when groups were not requested.
    let groups: [String]?
    /// Images in pairs of which one is a part of the other.
    private let inParts: Set<Int>

    init(images: [ScreenedImage], classes: [String], search: DuplicateSearch, groups: [String]?) {
        (self.images, self.classes, self.search, self.groups) = (images, classes, search, groups)
        inParts = Set(search.pairs.filter { $0.kind == .crop }.flatMap { [$0.first, $0.second] })
    }

    var findings: [Finding] {
        let identical = search.clusters([.bytes, .pixels], count: images.count)
        func versions(_ kinds: Set<DuplicatePair.Kind>) -> [[Int]] {
            search.clusters(kinds, count: images.count).filter { !identical.contains($0) }
        }
        let (near, copies) = (versions(DuplicatePair.Kind.copies), versions(DuplicatePair.Kind.wholeCopies))
        return [
            conflicts(identical, isIdentical: true), conflicts(near, isIdentical: false),
            acrossSplits(identical, isIdentical: true), acrossSplits(near, isIdentical: false),
            groupLeaks, within(identical, isIdentical: true), within(copies, isIdentical: false), parts(near),
            siblings, siblingConflicts, lookalikes,
        ].compactMap { $0 }
    }

    private func labels(_ cluster: [Int]) -> Set<Int> { Set(cluster.map { images[$0].label }) }
    private func splits(_ cluster: [Int]) -> Set<SplitPart> { Set(cluster.map { images[$0].split }) }

    /// Validation images of sets that training images belong to as well, each once.
    private func leakedValidation(_ sets: [[Int]]) -> Set<PathKey> {
        let leaking = sets.filter { splits($0).isSuperset(of: [.train, .val]) }
        return Set(leaking.joined().filter { images[$0].split == .val }.map { PathKey(images[$0].path) })
    }

    private func conflicts(_ clusters: [[Int]], isIdentical: Bool) -> Finding? {
        let chosen = clusters.filter { labels($0).count > 1 }
        guard !chosen.isEmpty else { return nil }
        return Finding(
            severity: .error, area: .leaks,
            code: isIdentical ? "identical-across-classes" : "near-duplicate-across-classes",
            title:
                "\(counted(chosen.count, "picture")) under two classes\(isIdentical ? "" : ", in versions").",
            why:
                "One of the labels is wrong. The model is told two truths, and one of them counts as a mistake.",
            remedy: "Look at each and keep it in the right class only.",
            items: chosen.enumerated().map { number, cluster in
                item(number, cluster, exclude: [])
            })
    }

    private func acrossSplits(_ clusters: [[Int]], isIdentical: Bool) -> Finding? {
        let chosen = clusters.filter { splits($0).count > 1 }
        guard !chosen.isEmpty else { return nil }
        let tests = chosen.filter { splits($0).contains(.test) }.count
        let what = isIdentical ? "the same picture" : "versions of one picture"
        var finding = Finding(
            severity: .error, area: .leaks,
            code: isIdentical ? "identical-across-splits" : "near-duplicate-across-splits",
            title:
                "\(counted(chosen.count, "time")) \(what) in two splits\(tests > 0 ? ", \(tests) of them with test" : "").",
            why: "The model is examined on what it was taught: the result is too good to be true.",
            remedy: "Keep it in one split. --fix leaves out the training side, so that the test set stays."
                + (hasParts(chosen) ? " Or divide anew: tailor split --features, or --group-by." : ""),
            items: chosen.enumerated().map { number, cluster in
                // Keep the copy that evaluates, exclude the one that trains.
                let kept = splits(cluster).contains(.test) ? SplitPart.test : .val
                return item(
                    number, cluster,
                    exclude: cluster.filter { images[$0].split != kept }.map { images[$0].path })
            })
        finding.leakedValidation = leakedValidation(chosen)
        return finding
    }

    private func hasParts(_ clusters: [[Int]]) -> Bool {
        clusters.joined().contains { inParts.contains($0) }
    }

    private func within(_ clusters: [[Int]], isIdentical: Bool) -> Finding? {
        let chosen = clusters.filter { splits($0).count == 1 && labels($0).count == 1 }
        guard !chosen.isEmpty else { return nil }
        let surplus = chosen.reduce(0) { $0 + $1.count - 1 }
        return Finding(
            severity: surplus * 20 > images.count ? .warning : .advice, area: .leaks,
            code: isIdentical ? "identical-within-split" : "near-duplicate-within-split",
            title:
                "\(counted(surplus, "surplus copy", "surplus copies")) of \(counted(chosen.count, "picture")) "
                + "within a split\(isIdentical ? "" : ", in versions").",
            why:
                "Fewer pictures than files: intervals are narrower than the data allows, and copies weigh double.",
            remedy: "Keep one of each. --fix keeps the first.",
            items: chosen.enumerated().map { number, cluster in
                item(number, cluster, exclude: cluster.dropFirst().map { images[$0].path })
            })
    }

    /// Parts and shifted or other exposures of one picture: they teach something each, so that none is left out.
    private func parts(_ clusters: [[Int]]) -> Finding? {
        let chosen = clusters.filter {
            splits($0).count == 1 && labels($0).count == 1 && hasParts([$0])
        }
        guard !chosen.isEmpty else { return nil }
        let total = chosen.reduce(0) { $0 + $1.count }
        return Finding(
            severity: (total - chosen.count) * 20 > images.count ? .warning : .advice, area: .leaks,
            code: "parts-within-split",
            title:
                "\(counted(total, "file")) show \(counted(chosen.count, "picture")) within a split: parts, shifted, "
                + "or taken again in another light.",
            why:
                "Fewer pictures than files: intervals are narrower than the data allows. None of it hurts "
                + "training, as long as all of a picture is on one side.",
            remedy:
                "Each lies on one side now. Dividing the data anew, keep it so: tailor split --features, or --group-by.",
            items: chosen.enumerated().map { number, cluster in item(number, cluster, exclude: []) })
    }

    private var groupLeaks: Finding? {
        guard let groups else { return nil }
        let members = Dictionary(grouping: images.indices) { groups[$0] }
        let chosen = members.filter { splits($0.value).count > 1 }.sorted { $0.key < $1.key }
        guard !chosen.isEmpty else { return nil }
        var finding = Finding(
            severity: .error, area: .leaks, code: "group-across-splits",
            title: "\(counted(chosen.count, "group")) of \(members.count) on both sides of a split.",
            why: "Images of one patient, video or module resemble each other: the model recognises the "
                + "group, and the result says nothing about new ones.",
            remedy: "Split by group: tailor split --group-by.",
            items: chosen.map { name, indices in
                let counts = SplitPart.allCases.compactMap { split -> String? in
                    let count = indices.filter { images[$0].split == split }.count
                    return count > 0 ? "\(count) in \(split.rawValue)" : nil
                }
                return .init(
                    paths: Self.oneOfEachSplit(indices, images).map { images[$0].path },
                    note: "group \(name.printable): \(counts.joined(separator: ", "))")
            })
        finding.leakedValidation = leakedValidation(chosen.map(\.value))
        return finding
    }

    private static func oneOfEachSplit(_ indices: [Int], _ images: [ScreenedImage]) -> [Int] {
        SplitPart.allCases.compactMap { split in indices.first { images[$0].split == split } }
    }

    private var siblingPairs: [DuplicatePair] {
        search.pairs.filter { $0.kind == .sibling }.sorted { $0.score > $1.score }
    }

    private var siblings: Finding? {
        let chosen = siblingPairs.filter { images[$0.first].split != images[$0.second].split }
        guard !chosen.isEmpty else { return nil }
        let tests = Set(
            chosen.flatMap { [$0.first, $0.second] }.filter { images[$0].split == .test })
        let total = images.filter { $0.split == .test }.count
        let verb = tests.count == 1 ? "has" : "have"
        let reach =
            total > 0 && !tests.isEmpty
            ? " \(tests.count) of \(counted(total, "test image")) \(verb) such a counterpart." : ""
        return Finding(
            severity: .warning, area: .leaks, code: "same-subject-across-splits",
            title:
                "\(counted(chosen.count, "pair")) of pictures in two splits seem to show one subject twice."
                + reach,
            why: "Not copies, but more alike than this kind of picture is: the next frame, the same part or "
                + "its neighbour from one piece of material. What was seen in training makes the test easier.",
            remedy: "If you know what belongs together (part, patient, module, video), split by it: "
                + "tailor split --group-by.",
            items: chosen.map(pairItem))
    }

    private var siblingConflicts: Finding? {
        let chosen = siblingPairs.filter { images[$0.first].label != images[$0.second].label }
        guard !chosen.isEmpty else { return nil }
        return Finding(
            severity: .advice, area: .labels, code: "same-subject-across-classes",
            title: "\(counted(chosen.count, "pair")) of pictures of what seems one subject have two classes.",
            why: "Either the difference is real, and these are the hard cases, or one label is wrong.",
            remedy: "Look at the pairs at the top.", items: chosen.map(pairItem))
    }

    private var lookalikes: Finding? {
        let chosen = search.pairs.filter {
            $0.kind == .lookalike && images[$0.first].split != images[$0.second].split
        }.sorted { $0.score > $1.score }
        guard !chosen.isEmpty else { return nil }
        return Finding(
            severity: .advice, area: .leaks, code: "lookalikes-across-splits",
            title:
                "\(counted(chosen.count, "pair")) of pictures in two splits seem to show the same in part.",
            why: "Small, they agree as a picture and a part of it do; their pixels do not prove it.",
            remedy: "Look at the pairs at the top.", items: chosen.map(pairItem))
    }

    private func pairItem(_ pair: DuplicatePair) -> Finding.Item {
        let ordered = [pair.first, pair.second]
        return .init(
            paths: ordered.map { images[$0].path },
            note: alike(pair.score) + labelNote(ordered))
    }

    private func item(_ number: Int, _ cluster: [Int], exclude: [String]) -> Finding.Item {
        let members = Set(cluster)
        let inside = search.pairs.filter { members.contains($0.first) && members.contains($0.second) }
        let kind = inside.filter { DuplicatePair.Kind.copies.contains($0.kind) }.map(\.kind).max() ?? .bytes
        let score = inside.filter { $0.kind == kind }.map(\.score).min() ?? 1
        let words: String =
            switch kind {
            case .bytes: "same file"
            case .pixels: "same pixels, other file"
            case .copy: "re-encoded, resized, brightened or turned; \(alike(score))"
            case .crop: "one is a part of the other, or shifted; \(alike(score))"
            case .sibling, .lookalike: alike(score)
            }
        return .init(
            paths: cluster.map { images[$0].path },
            note: "cluster \(number + 1): \(words)" + labelNote(cluster), exclude: exclude)
    }

    private func labelNote(_ cluster: [Int]) -> String {
        labels(cluster).count > 1
            ? "; labelled " + cluster.map { classes[images[$0].label].printable }.joined(separator: ", ") : ""
    }

    /// Similarity as text, rounded down so that 100 % means identical.
    private func alike(_ score: Float) -> String { "alike \(percent(score, rounded: .down))" }
}

extension Finding {
    /// Groups that do not cover the images, in the words of `ImageGroups`.
    static func incompleteGroups(_ warning: String) -> Finding {
        Finding(
            severity: .warning, area: .leaks, code: "groups-incomplete",
            title: warning.prefix(1).uppercased() + warning.dropFirst() + ".",
            why: "What has no group may lie on both sides of a split, and nobody notices.",
            remedy: "Complete the table, or widen the pattern.")
    }
}

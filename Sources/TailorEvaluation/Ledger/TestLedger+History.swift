import Foundation
import TailorSupport

extension TestLedger {
    /// Joins what run and state folder have on record.
    func history(
        of set: TestSet, checkpoint: String, run: LedgerFile.Inspection, lockProblem: String?
    ) throws -> TestSetHistory {
        var problems = run.problems.map { "\(url.path.printable), \($0)" }
        var stateProblem = lockProblem
        var known: [TestSetRegistry.Known] = []
        do {
            known = try registry?.known() ?? []
        } catch {
            stateProblem = stateProblem ?? "\(error)"
        }
        // A folder without a list and without uses is left by a crash.
        for item in known
        where item.images == nil && item.id != set.id && (try? item.file.inspect())?.uses != 0 {
            problems.append(
                "\(item.file.url.path.printable), the list of its images cannot be read: if the set is this one, its "
                    + "uses are missing")
        }
        var sets = Dictionary(
            known.compactMap { item in item.images.map { (item.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        if let last = try? TestSet(contentsOf: images) { sets[last.id] = last }

        // A set of which the images are not known any more is rather counted than forgotten.
        func isSame(_ id: String?, otherwise: Bool) -> Bool {
            id == set.id || (id.flatMap { sets[$0] }?.isSame(as: set) ?? otherwise)
        }
        let own = run.recorded.filter { isSame($0.entry.testSet, otherwise: true) }
        var uses = Dictionary(own.map { ($0.identity, $0.entry) }, uniquingKeysWith: { first, _ in first })
        var stateIdentities: Set<String> = []
        var lostState = 0
        var least = own.map(\.entry.use).max() ?? 0
        for item in known where isSame(item.id, otherwise: false) {
            do {
                let inspection = try item.file.inspect()
                problems += inspection.problems.map { "\(item.file.url.path.printable), \($0)" }
                lostState += inspection.lost
                least = max(least, inspection.uses)
                for recorded in inspection.recorded { uses[recorded.identity] = recorded.entry }
                stateIdentities.formUnion(inspection.identities)
            } catch let error as FileError {
                stateProblem = stateProblem ?? "\(error)"
            }
        }
        if let anchor = run.anchor, isSame(anchor.testSet, otherwise: true) {
            least = max(least, anchor.uses)
        }
        // An entry that one record has lost may be in the other.
        let runIdentities = run.identities
        let foundInState = uses.count { !runIdentities.contains($0) && $1.checkpoint == checkpoint }
        let foundInRun = own.count { !stateIdentities.contains($0.identity) }
        let lost = max(run.lost - foundInState, lostState - foundInRun, 0)

        let latest = uses.values.max { ($0.date, $0.use) < ($1.date, $1.use) }
        var elsewhere: Set<String> = []
        for (id, other) in sets where !isSame(id, otherwise: false) {
            elsewhere.formUnion(set.images.map(\.pixels).filter(Set(other.images.map(\.pixels)).contains))
        }
        return TestSetHistory(
            uses: max(uses.count + lost, least),
            usesWithOthers: uses.values.count { $0.checkpoint != checkpoint }, lastUse: latest?.date,
            changes: latest?.testSet.flatMap { sets[$0] }.map(set.changes(since:)),
            imagesElsewhere: elsewhere.count, imageCount: set.images.count, problems: problems,
            stateProblem: stateProblem)
    }
}

extension TestSetHistory {
    /// The same where the state folder turned out not to be writable.
    func without(state reason: String) -> TestSetHistory {
        TestSetHistory(
            uses: uses, usesWithOthers: usesWithOthers, lastUse: lastUse, changes: changes,
            imagesElsewhere: imagesElsewhere, imageCount: imageCount, problems: problems, stateProblem: reason
        )
    }
}

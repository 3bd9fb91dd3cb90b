import Foundation
import TailorEvaluation
import TestSupport

/// Test sets without files, and runs that use them, with a state folder of their own.
struct MadeTestSets {
    let folder: TemporaryFolder
    var state: URL { folder.file("state") }

    init() throws { folder = try TemporaryFolder() }

    /// Images by number; each has pixels of its own, and lies where `place` says.
    static func set(
        _ numbers: some Sequence<Int>, in place: String = "test", label: String = "a"
    ) throws -> TestSet {
        try TestSet(
            numbers.map {
                .init(
                    path: "\(place)/\(label)/\($0).png", label: label, sha256: "f\($0)", pixels: "p\($0)",
                    bytes: 10 + $0)
            })
    }

    func ledger(_ run: String) -> TestLedger {
        TestLedger(runFolder: folder.file("runs/\(run)"), stateFolder: state)
    }

    /// Entry of a run whose weights are named like it.
    static func entry(_ run: String, id: String = UUID().uuidString) -> TestLedger.Entry {
        TestLedger.Entry(
            id: id, date: Date(timeIntervalSince1970: 1_800_000_000), command: ["tailor", "evaluate", run],
            datasetFingerprint: "d1", testFingerprint: "t1", checkpoint: run,
            metrics: ["accuracy": 0.81, "n": 658])
    }

    /// Tests a run on a set; the number of the use.
    @discardableResult
    func use(_ set: TestSet, by run: String) throws -> Int {
        try ledger(run).append(Self.entry(run), of: set).uses + 1
    }

    /// Uses of a set that a run would find.
    func uses(_ set: TestSet, by run: String) throws -> Int {
        try ledger(run).history(of: set, checkpoint: run).uses
    }

    func removeState() throws { try FileManager.default.removeItem(at: state) }
    func remove(_ run: String) throws { try FileManager.default.removeItem(at: folder.file("runs/\(run)")) }

    /// Lines of a run's ledger.
    func lines(_ run: String) throws -> [String] {
        try String(contentsOf: ledger(run).url, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    func write(_ lines: [String], to run: String) throws {
        try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: ledger(run).url)
    }
}

import TailorArguments
import Testing

/// The ways of writing a command line, and the values that come out.
@Suite struct ParsingTests {
    private static let defaults =
        "output - seed 1 rotation 0.5 share - skip [] quiet false verbose false cache true probe - workers - fit -"

    /// What is written after `sample fit data a.png`, and what then differs from the defaults.
    static let ways: [(words: [String], change: (of: String, to: String))] = [
        ([], ("", "")),
        (["--seed", "7"], ("seed 1", "seed 7")),
        (["--seed=7"], ("seed 1", "seed 7")),
        (["--seed", "7", "--seed", "8"], ("seed 1", "seed 8")),
        (["-o", "run"], ("output -", "output run")),
        (["-orun"], ("output -", "output run")),
        (["-o=run"], ("output -", "output run")),
        (["--output", "run"], ("output -", "output run")),
        (["--output=a=b"], ("output -", "output a=b")),
        (["--output=-x"], ("output -", "output -x")),
        (["--output", "-"], ("output -", "output -")),
        (["--output", "a b\"c'"], ("output -", "output a b\"c'")),
        (["--output", "Prüfstück 大"], ("output -", "output Prüfstück 大")),
        (["-q"], ("quiet false", "quiet true")),
        (["-v"], ("verbose false", "verbose true")),
        (["--quiet", "-q"], ("quiet false", "quiet true")),
        (["--rotation", "-12.5"], ("rotation 0.5", "rotation -12.5")),
        (["--rotation", "-1e2"], ("rotation 0.5", "rotation -100.0")),
        (["--rotation=-.5"], ("rotation 0.5", "rotation -0.5")),
        (["--rotation", "3"], ("rotation 0.5", "rotation 3.0")),
        (["--no-cache"], ("cache true", "cache false")),
        (["--no-cache", "--cache"], ("cache true", "cache true")),
        (["--probe"], ("probe -", "probe true")),
        (["--no-probe"], ("probe -", "probe false")),
        (["--skip", "a", "--skip=b"], ("skip []", "skip [\"a\", \"b\"]")),
        (["--workers", "256"], ("workers -", "workers 256")),
        (["--fit", "pad"], ("fit -", "fit pad")),
        (["--share", "0.25"], ("share -", "share 0.25")),
    ]

    @Test(arguments: ways.indices) func everyWayOfWritingAnOption(_ index: Int) throws {
        let (words, change) = Self.ways[index]
        let expected =
            change.of.isEmpty ? Self.defaults : Self.defaults.replacing(change.of, with: change.to)
        // Options may stand before, between and after the arguments.
        for line in [["data", "a.png"] + words, ["data"] + words + ["a.png"], words + ["data", "a.png"]] {
            #expect(try fit(line) == "data [\"a.png\"] " + expected, "\(line)")
        }
    }

    @Test func shortFlagsTogether() throws {
        #expect(try fit(["data", "a", "-qorun"]).contains("output run"))
        #expect(try fit(["data", "a", "-qo", "run"]).contains("output run seed 1"))
        #expect(try fit(["data", "a", "-qo", "run"]).contains("quiet true"))
    }

    @Test func argumentsAfterTheTerminator() throws {
        #expect(
            try fit(["-q", "--", "-data", "--seed", "7"]).hasPrefix(
                "-data [\"--seed\", \"7\"] output - seed 1"))
        #expect(try fit(["data", "--", "a", "--"]).hasPrefix("data [\"a\", \"--\"]"))
        #expect(try fit(["data", "a", "–"]).hasPrefix("data [\"a\", \"–\"]"), "a file may be called so")
    }

    @Test func helpAndVersionAtEveryLevel() throws {
        for line in [[], ["--help"], ["-h"], ["help"], ["-h", "fit"], ["help", "help"]] {
            #expect(try help(line) == "sample")
        }
        for line in [
            ["fit", "--help"], ["fit", "-h"], ["help", "fit"], ["fit", "data", "-qh"], ["help", "fit", "-h"],
            ["fit", "--seed", "x", "--help"], ["fit", "--no-such", "-h"],
        ] {
            #expect(try help(line) == "sample fit", "\(line)")
        }
        #expect(try help(["pack"]) == "sample pack")
        #expect(try help(["help", "pack", "list"]) == "sample pack list")
        #expect(try help(["pack", "help", "list"]) == "sample pack list")
        for line in [
            ["--version"], ["fit", "--version"], ["help", "--version"], ["help", "fit", "--version"],
            ["pack", "list", "--version"],
        ] {
            guard case .version("1.2.3") = try CommandLineParser.parse(line, as: FitProgram.self) else {
                Issue.record("\(line)")
                continue
            }
        }
        #expect(throws: UsageError.self, "after --, it is a name") {
            try help(["fit", "--seed", "x", "--", "-h"])
        }
    }

    @Test func commandsBelowCommands() throws {
        guard
            case .run(let command, let title) = try CommandLineParser.parse(
                ["pack", "list", "--all"], as: FitProgram.self)
        else {
            Issue.record("not run")
            return
        }
        #expect((command as? ListCommand)?.all == true && title == "sample pack list")
    }

    @Test func eachParseStartsAnew() throws {
        #expect(try fit(["data", "a", "--skip", "x"]).contains("skip [\"x\"]"))
        #expect(try fit(["data", "a"]).contains("skip []"))
    }

    private func fit(_ words: [String]) throws -> String {
        guard
            case .run(let command, let title) = try CommandLineParser.parse(
                ["fit"] + words, as: FitProgram.self),
            let fit = command as? FitCommand, title == "sample fit"
        else { return "not run" }
        return fit.values
    }

    private func help(_ words: [String]) throws -> String {
        guard case .help(let description) = try CommandLineParser.parse(words, as: FitProgram.self) else {
            return "no help"
        }
        return description.title
    }
}

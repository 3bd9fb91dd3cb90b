import TailorArguments
import Testing

/// Each kind of mistake, and what is said to it.
@Suite struct UsageErrorTests {
    static let mistakes: [(words: [String], message: String)] = [
        (["trian"], "unknown command 'trian': expected fit or pack"),
        (["fti"], "unknown command 'fti': did you mean 'fit'?"),
        (["Pack"], "unknown command 'Pack': did you mean 'pack'?"),
        (["help", "fti"], "unknown command 'fti': did you mean 'fit'?"),
        (["help", "fit", "data"], "'fit' has no command 'data'"),
        (["--quiet", "fit"], "option --quiet stands before the command: it goes after fit or pack"),
        (["--hlep"], "unknown option --hlep: did you mean --help?"),
        (["--verison"], "unknown option --verison: did you mean --version?"),
        (["fit", "d", "i", "--sede", "3"], "unknown option --sede: did you mean --seed?"),
        (["fit", "d", "i", "--out", "x"], "unknown option --out: did you mean --output?"),
        (["fit", "d", "i", "--no-quiet"], "unknown option --no-quiet: did you mean --quiet?"),
        (["fit", "d", "i", "--no-prob"], "unknown option --no-prob: did you mean --no-probe?"),
        (["fit", "d", "i", "--xyzzy"], "unknown option --xyzzy"),
        (["fit", "d", "i", "-seed", "3"], "unknown option -seed: did you mean --seed?"),
        (
            ["fit", "d", "i", "-x"],
            "unknown option -x (a file whose name begins with a minus is written ./-x)"
        ),
        (
            ["fit", "d", "-5.png"],
            "unknown option -5 in -5.png (a file whose name begins with a minus is written ./-5.png)"
        ),
        (["fit", "d", "i", "–seed", "3"], "–seed: did you mean --seed? Its dash is another character"),
        (["fit", "d", "i", "—output=x"], "—output=x: did you mean --output? Its dash is another character"),
        (["fit", "d", "i", "--seed"], "--seed: its value is missing, as in --seed <n>"),
        (["fit", "d", "i", "-o"], "-o: its value is missing, as in -o <folder>"),
        (["fit", "d", "i", "-qo"], "-o: its value is missing, as in -o <folder>"),
        (
            ["fit", "d", "i", "--output", "--seed", "3"],
            "--output: its value is missing before --seed, as in --output <folder> (one that begins with a minus "
                + "is written --output=…)"
        ),
        (
            ["fit", "d", "i", "--output", "--", "x"],
            "--output: its value is missing before --, as in --output <folder> (one that begins with a minus is "
                + "written --output=…)"
        ),
        (
            ["fit", "d", "i", "--output="],
            "--output: got an empty text (from a variable of the shell that is not set?)"
        ),
        (
            ["fit", "d", "i", "-o", ""],
            "-o: got an empty text (from a variable of the shell that is not set?)"
        ),
        (["fit", "", "i"], "<data>: got an empty text (from a variable of the shell that is not set?)"),
        (
            ["fit", "d", "i", ""],
            "<images>: got an empty text (from a variable of the shell that is not set?)"
        ),
        (["fit", "d", "i", "--seed", "ten"], "--seed ten: expected a whole number"),
        (["fit", "d", "i", "--seed", "1.5"], "--seed 1.5: expected a whole number"),
        (
            ["fit", "d", "i", "--seed", "-1"],
            "--seed -1: expected a whole number from 0 to 18446744073709551615"
        ),
        (
            ["fit", "d", "i", "--workers", "9223372036854775808"],
            "--workers 9223372036854775808: expected a whole number from -9223372036854775808 to "
                + "9223372036854775807"
        ),
        (["fit", "d", "i", "--workers", "0"], "--workers 0: expected 1…256"),
        (["fit", "d", "i", "--rotation", "181"], "--rotation 181: expected -180…180"),
        (["fit", "d", "i", "--rotation", "nan"], "--rotation nan: expected a number"),
        (["fit", "d", "i", "--rotation", "inf"], "--rotation inf: expected a number"),
        (["fit", "d", "i", "--rotation", "1,5"], "--rotation 1,5: expected a number"),
        (["fit", "d", "i", "--share", "1"], "--share 1: expected between 0 and 1"),
        (["fit", "d", "i", "--fit", "padd"], "--fit padd: expected crop, pad or squash; did you mean pad?"),
        (["fit", "d", "i", "--fit", "zoom"], "--fit zoom: expected crop, pad or squash"),
        (["fit", "d", "i", "--quiet=yes"], "--quiet takes no value, got yes"),
        (["fit", "d", "i", "-q=yes"], "-q takes no value, got -q=yes"),
        (["fit", "d", "i", "--help=me"], "--help takes no value, got me"),
        (["fit", "d", "i", "-qv"], "--quiet and --verbose exclude each other"),
        (["fit", "d", "i", "--workers", "13"], "--workers 13: nobody wants that"),
        (["fit", "d", "i", "--rotation", "0x10"], "--rotation 0x10: expected a number"),
        (["fit", "d", "i", "--seed", " 5"], "--seed ' 5': expected a whole number"),
        (
            ["fit", "d", "i", "--fit", "crop\r"],
            "--fit 'crop\r': expected crop, pad or squash; did you mean crop?"
        ),
        (["fit", "d", "i", "--json="], "unknown option --json"),
        (["fit", "d", "i", "--quiet="], "--quiet takes no value, got ''"),
        (["fit", "d", "i", "--se", "5"], "unknown option --se: did you mean --seed?"),
        (
            ["fit", "d", "i", "--seed", String(repeating: "9x", count: 50_000)],
            "--seed \(String(repeating: "9x", count: 80))…: expected a whole number"
        ),
    ]

    @Test(arguments: mistakes.indices) func mistakesAreNamed(_ index: Int) {
        let (words, message) = Self.mistakes[index]
        let error = #expect(throws: UsageError.self, "\(words)") {
            try CommandLineParser.parse(words, as: FitProgram.self)
        }
        #expect(error?.message == message)
        #expect(error?.usage == nil)
        let command = words.first == "fit" || words == ["help", "fit", "data"] ? "sample fit" : "sample"
        #expect(error?.description == "\(message)\nSee '\(command) --help'.")
    }

    @Test func missingAndUnexpectedArgumentsShowTheUsage() {
        let usage = "sample fit <data> <images>... [options]"
        for (words, message) in [
            (["fit"], "missing argument <data>: Folder of images."),
            (["fit", "-q"], "missing argument <data>: Folder of images."),
            (["fit", "data"], "missing argument <images>: Images."),
        ] {
            let error = #expect(throws: UsageError.self) {
                try CommandLineParser.parse(words, as: FitProgram.self)
            }
            #expect(error?.description == "\(message)\nUsage: \(usage)\nSee 'sample fit --help'.")
        }
        let error = #expect(throws: UsageError.self) {
            try CommandLineParser.parse(["pack", "list", "all"], as: FitProgram.self)
        }
        #expect(
            error?.description == """
                unexpected argument 'all'
                Usage: sample pack list [options]
                See 'sample pack list --help'.
                """)
    }
}

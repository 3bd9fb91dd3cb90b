import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// How both programs answer to what is typed: words, stream and exit code.
@Suite struct CommandLineTests {
    struct Mistake: Sendable {
        var program = "tailor"
        var words: [String]
        /// The first line on standard error.
        var message: String
        var usage: String?
        /// Named in the last line.
        var help: String
    }

    private static let runtime = "tailor-runtime"

    static let mistakes: [Mistake] = [
        .init(
            words: ["train"],
            message:
                "missing argument <data>: Folder with train/ (and val/, test/), or with class folders; or a CSV as split writes it.",
            usage: "tailor train <data> [options]", help: "tailor train"),
        .init(
            words: ["predict", "model.onnx"],
            message: "missing argument <images>: Images, or folders that are searched for images.",
            usage: "tailor predict <model> <images>... [options]", help: "tailor predict"),
        .init(
            words: ["doctor", "please"], message: "unexpected argument 'please'",
            usage: "tailor doctor [options]", help: "tailor doctor"),
        .init(
            words: ["trian", "x"], message: "unknown command 'trian': did you mean 'train'?", help: "tailor"),
        .init(
            words: ["train", "x", "--no-such-flag"], message: "unknown option --no-such-flag",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--epoch", "3"], message: "unknown option --epoch: did you mean --epochs?",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--epochs", "ten"], message: "--epochs ten: expected a whole number",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--epochs=-1"], message: "--epochs -1: expected 0…100000",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--epochs", "9000000000000000000"],
            message: "--epochs 9000000000000000000: expected 0…100000", help: "tailor train"),
        .init(
            words: ["train", "x", "--rotation", "-12"], message: "--rotation -12: expected 0…180",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--label-smoothing", "1"],
            message: "--label-smoothing 1: expected 0 to below 1", help: "tailor train"),
        .init(words: ["train", "x", "--lr", "0"], message: "--lr 0: expected above 0", help: "tailor train"),
        .init(
            words: ["train", "x", "--validation-share", "1"],
            message: "--validation-share 1: expected between 0 and 1", help: "tailor train"),
        .init(
            words: ["train", "x", "--workers", "0"], message: "--workers 0: expected 1…256",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--fit", "pads"],
            message: "--fit pads: expected crop, pad or squash; did you mean pad?", help: "tailor train"),
        .init(
            words: ["train", "x", "--augment", "none2"],
            message: "--augment none2: expected standard, inspection, guide or none; did you mean none?",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--crop-scale", "1:0.5"],
            message: "--crop-scale 1:0.5: expected LOW:HIGH with 0 < LOW ≤ HIGH", help: "tailor train"),
        .init(
            words: ["train", "x", "--phases", "layer9:1"],
            message:
                "--phases layer9:1: expected STAGE:EPOCHS,… with stages of stem, layer1, layer2, layer3, "
                + "layer4, head",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--resume"], message: "--resume needs --output, the run to continue",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--oversample", "--class-weights", "auto"],
            message: "--oversample and --class-weights exclude each other", help: "tailor train"),
        .init(
            words: ["train", "x", "--recipe", "mine"],
            message: "--recipe mine: no such file, and not one of standard, quick, guide",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--weights", "bundeld"],
            message: "--weights bundeld: no such file, and not one of imagenet, bundled, none",
            help: "tailor train"),
        .init(
            words: ["train", "x", "--exclude-from", "list"], message: "--exclude-from list: no such file",
            help: "tailor train"),
        .init(
            words: ["check", "x", "--image-size", "10"], message: "--image-size 10: expected 32…4096",
            help: "tailor check"),
        .init(
            words: ["split", "x", "y", "--val", "0.9", "--test", "0.9"], message: "--val, --test: ",
            help: "tailor split"),
        .init(
            words: ["export", "x", "--format", "pth", "--precision", "fp16"],
            message: "--format pth holds the network as it was trained, in fp32", help: "tailor export"),
        .init(
            words: ["export", "x", "--cost", "false_negative=1"],
            message:
                "--cost false_negative=1: expected false_negative=NUMBER,false_positive=NUMBER, both above 0",
            help: "tailor export"),
        .init(
            program: runtime, words: ["predict"],
            message: "missing argument <model>: Model file (.onnx), as written by tailor export.",
            usage: "tailor-runtime predict <model> <images>... [options]", help: "tailor-runtime predict"),
        .init(
            program: runtime, words: ["predcit"],
            message: "unknown command 'predcit': did you mean 'predict'?", help: "tailor-runtime"),
        .init(
            program: runtime, words: ["train", "x"],
            message: "unknown command 'train': expected predict", help: "tailor-runtime"),
        .init(
            program: runtime, words: ["predict", "m", "i", "--thread", "2"],
            message: "unknown option --thread: did you mean --threads?", help: "tailor-runtime predict"),
        .init(
            program: runtime, words: ["predict", "m", "i", "--format", "xml"],
            message: "--format xml: expected text, csv, json, jsonl or labelstudio",
            help: "tailor-runtime predict"),
        .init(
            program: runtime, words: ["predict", "m", "i", "--tiles", "3"],
            message: "--tiles 3: expected auto, or columns and rows as 3x2", help: "tailor-runtime predict"),
        .init(
            program: runtime, words: ["predict", "m", "i", "--worst", "a"], message: "--worst needs --tiles",
            help: "tailor-runtime predict"),
        .init(
            program: runtime, words: ["predict", "m", "i", "--min-probability", "50"],
            message: "--min-probability 50: expected 0…1", help: "tailor-runtime predict"),
    ]

    @Test(arguments: mistakes) func usageErrorsLeaveWithTwo(_ mistake: Mistake) throws {
        let folder = try TemporaryFolder()
        let outcome = try Program.run(mistake.words, program: mistake.program, in: folder.url)
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("error: " + mistake.message) == true, "\(outcome.errors)")
        #expect(lines.last == "See '\(mistake.help) --help'.")
        #expect(lines.dropFirst().dropLast() == (mistake.usage.map { ["Usage: " + $0] } ?? [])[...])
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: ["tailor", "tailor-runtime"]) func helpIsAnAnswer(_ program: String) throws {
        let version = try Program.run(["--version"], program: program)
        #expect(version.code == 0 && version.output == TailorVersion.current + "\n" && version.errors.isEmpty)
        #expect(try Program.run(["predict", "--version"], program: program).output == version.output)
        let overview = try Program.run([], program: program)
        #expect(overview.code == 0 && overview.errors.isEmpty)
        for words in [["--help"], ["-h"], ["help"]] {
            #expect(try Program.run(words, program: program).output == overview.output)
        }
        let help = try Program.run(["help", "predict"], program: program)
        #expect(help.output.contains("USAGE: \(program) predict <model> <images>... [options]\n"))
        #expect(try Program.run(["predict", "m", "-qh"], program: program).output == help.output)
    }

    /// A name from somewhere must not steer the terminal.
    @Test func controlCharactersAreShownEscaped() throws {
        for words in [["predict", "\u{1B}[31mm", "x"], ["evaluate", "\u{1B}[2Jr"], ["\u{1B}[2J"]] {
            let outcome = try Program.run(words)
            #expect(outcome.code == 2 && outcome.errors.contains("\\u{1b}["))
            #expect(!outcome.errors.contains("\u{1B}"))
        }
    }

    #if os(Linux)
        /// Streams that are full or closed: a result that is lost is a failure, a message that is lost is none.
        @Test(arguments: ["tailor", "tailor-runtime"]) func brokenStreams(_ program: String) throws {
            func shell(_ line: String) throws -> Program.Outcome {
                try Program.run(
                    ["-c", "\"$0\" \(line)", Program.url(program).path], executable: URL(filePath: "/bin/sh"))
            }
            for line in ["--help", "--version", "man", "completion bash", "predict --help"] {
                let full = try shell(line + " >/dev/full")
                #expect(full.code == 1, "\(line)")
                #expect(full.errors.contains("could not be written to standard output: no space left"))
                let closed = try shell(line + " >&-")
                #expect(closed.code == 1 && closed.errors.contains("bad file descriptor"), "\(line)")
                #expect(try shell(line + " 2>/dev/full").code == 0)
                #expect(try shell(line + " 2>&-").code == 0)
                #expect(try shell(line + " >/dev/full 2>/dev/full").code == 1)
            }
            for line in ["bogus", "predict", "predict nowhere x"] {
                #expect(try shell(line + " 2>/dev/full").code == 2)
                #expect(try shell(line + " 2>&-").code == 2)
            }
        }
    #endif

    @Test func helpFollowsTheWidth() throws {
        for width in [60, 80, 120] {
            let help = try Program.run(["train", "--help"], environment: ["COLUMNS": "\(width)"]).output
            let longest = help.split(separator: "\n").map(\.count).max() ?? 0
            #expect((width - 12...width).contains(longest), "\(width): \(longest)")
        }
        let unset = try Program.run(["train", "--help"], environment: ["COLUMNS": "wide"]).output
        #expect(try Program.run(["train", "--help"], environment: ["COLUMNS": "80"]).output == unset)
    }

    /// What help says of a default is the recipe's own number.
    @Test func defaultsInHelpAreTheRecipes() throws {
        let help = try Program.run(["train", "--help"], environment: ["COLUMNS": "500"]).output
        let recipe = Recipe.standard
        for (option, value) in [
            ("--batch-size <n>", "\(recipe.batchSize)"), ("--lr <rate>", "\(recipe.learningRates.head)"),
            ("--epochs <n>", "\(recipe.epochs)"), ("--optimizer <sgd|adamw>", recipe.optimizer.kind.rawValue),
            ("--label-smoothing <share>", "\(recipe.labelSmoothing)"), ("--[no-]probe", "on"),
        ] {
            let lines = help.split(separator: "\n").map { $0.drop { $0 == " " } }
            let index = try #require(lines.firstIndex { $0.hasPrefix(option) }, "\(option)")
            let text = lines[index] == option ? lines[index + 1] : lines[index]
            #expect(text.hasSuffix("default: \(value))."), "\(text)")
        }
    }
}

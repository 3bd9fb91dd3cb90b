import TailorArguments

/// A program that has one of everything.
struct SampleProgram: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "tailor",
            abstract: "Fits a pretrained network to a folder of images and tests it honestly.",
            discussion: """
                A data folder holds train/, val/ and test/, each with one folder of images a class; val/ may be \
                missing (it is then split off train/).

                  tailor train data --output runs/first
                  tailor predict runs/first/model.onnx 'new images/'

                Results go to standard output, progress to standard error.
                """,
            version: "0.1",
            subcommands: [
                SampleTrain.self, SamplePredict.self, SampleData.self, SampleDoctor.self, SampleScript.self,
            ])
    }

    func run() {}
}

/// The second program, whose name has a dash.
struct SampleRuntime: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "tailor-runtime", abstract: "Runs model files.", version: "0.1",
            subcommands: [SamplePredict.self])
    }

    func run() {}
}

enum SampleFit: String, CaseIterable, ArgumentValue { case crop, pad, squash }

enum SampleLabel: String, CaseIterable, ArgumentValue {
    case plain
    case spaced = "two words"
    case quoted = "it's $5 [a]:*"
    case foreign = "größe"
}

struct SampleMachine: ArgumentGroup {
    @Option(
        placeholder: "device", completion: .words(["cpu", "cuda", "cuda:0"]),
        shown: "the first GPU, else cpu",
        help: "Where to compute: cpu, cuda or cuda:N.") var device: String?
    @Option(bounds: .within(1...256), shown: "one a core", help: "Threads that read images.") var workers:
        Int?
    @Flag(short: "q", help: "No progress; warnings and errors only.") var quiet = false
    @Flag(short: "v", help: "Tell more.") var verbose = false
}

struct SampleTrain: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "train", abstract: "Train on a folder. More follows here.",
            discussion:
                "First sentence. Second sentence.\n\n  tailor train 'my data'\n\n.PP 'quoted' -3 \\n a…b",
            heading: "Data and output")
    }

    @Argument(completion: .folder, help: "Folder with train/, val/ and test/.") var data: String
    @Option(short: "o", placeholder: "folder", completion: .folder, help: "Where the run's files go.")
    var output: String?
    @Option(help: "Seed of all randomness.") var seed: UInt64 = 1
    @Option(help: "How an image is made square. Default: crop.") var fit: SampleFit?
    @Option(placeholder: "label", help: "A [label]: it's \"$HOME\" `x` \\ and %s; e.g. this, the network's.")
    var label: SampleLabel?
    @Option(
        placeholder: "file",
        completion: Completion.words(["imagenet", "bundled", "none"]).orFile("safetensors", "pth"),
        shown: "imagenet", help: "Weights to start from.") var weights: String?
    @Option(completion: .file("csv"), help: "Images to leave out.") var exclude: [String]
    @Option(help: "A note in the run.") var note: String?
    @Flag(help: "Fit the head first.") var probe: Bool?
    @OptionGroup("Machine") var machine: SampleMachine

    func run() {}
}

struct SamplePredict: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "predict", abstract: "Classify images, or folders of images.")
    }

    @Argument(completion: .file("onnx"), help: "Model file from export.") var model: String
    @Argument(completion: .file("jpg", "png"), help: "Images, or folders of images.") var images: [String]
    @Flag(help: "Print JSON.") var json = false

    func run() {}
}

struct SampleData: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "data", abstract: "Look after data.", subcommands: [SampleCheck.self, SampleCopy.self])
    }

    func run() {}
}

struct SampleCheck: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "check", abstract: "Find what would spoil training.")
    }

    @Argument(help: "A name of your own.") var name: String
    @Argument(completion: .file(), help: "Any file.") var file: String

    func run() {}
}

struct SampleCopy: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "copy", abstract: "Copy data.")
    }

    func run() {}
}

struct SampleDoctor: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "doctor", abstract: "Say what was found here: \"libraries\", it's [GPUs].")
    }

    @Flag(help: "Print JSON.") var json = false

    func run() {}
}

struct SampleScript: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "completion", abstract: "Print a shell's completion script.")
    }

    @Argument(completion: .words(Shell.allCases.map(\.rawValue)), help: "The shell.") var shell: String

    func run() {}
}

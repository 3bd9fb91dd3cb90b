import TailorArguments

/// A program with everything that can be declared.
struct FitProgram: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "sample", abstract: "A program for tests.",
            discussion: """
                First paragraph, long enough to be broken into several lines at forty characters.

                  sample fit data
                  sample fit data -o 'a run'
                """,
            version: "1.2.3", subcommands: [FitCommand.self, PackCommand.self])
    }
}

struct FitCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "fit", abstract: "Fit something.", heading: "Data and output")
    }

    enum Shape: String, CaseIterable, ArgumentValue { case crop, pad, squash }

    @Argument(completion: .folder, help: "Folder of images.")
    var data: String

    @Argument(completion: .file("png", "jpg"), help: "Images.")
    var images: [String]

    @Option(short: "o", placeholder: "folder", completion: .folder, help: "Where to write.")
    var output: String?

    @Option(help: "Decides everything.")
    var seed: UInt64 = 1

    @Option(placeholder: "degrees", bounds: .within(-180...180), help: "Rotation.")
    var rotation = 0.5

    @Option(bounds: .between(0, 1), help: "Share for validation.")
    var share: Double?

    @Option(help: "What to leave out.")
    var skip: [String]

    @Flag(short: "q", help: "Say less.")
    var quiet = false

    @Flag(short: "v", help: "Say more.")
    var verbose = false

    @Flag(name: "cache", negatable: true, help: "Keep results.")
    var keeps = true

    @OptionGroup("Machine")
    var machine: FitMachine

    func validate() throws {
        if quiet, verbose { throw UsageError("--quiet and --verbose exclude each other") }
    }

    func run() {}

    /// All values, as a test compares them.
    var values: String {
        let numbers = "seed \(seed) rotation \(rotation) share \(share.map { "\($0)" } ?? "-")"
        let flags =
            "quiet \(quiet) verbose \(verbose) cache \(keeps) probe \(machine.probe.map { "\($0)" } ?? "-")"
        return "\(data) \(images) output \(output ?? "-") \(numbers) skip \(skip) \(flags) "
            + "workers \(machine.inner.workers.map { "\($0)" } ?? "-") fit \(machine.fit?.rawValue ?? "-")"
    }
}

struct FitMachine: ArgumentGroup {
    @OptionGroup var inner: FitWorkers

    @Option(shown: "crop", help: "What to do with images that are not square.")
    var fit: FitCommand.Shape?

    @Flag(shown: true, help: "Fit the head first.")
    var probe: Bool?
}

struct FitWorkers: ArgumentGroup {
    @Option(bounds: .within(1...256), shown: "one a core", help: "Threads that read.")
    var workers: Int?

    func validate() throws {
        if workers == 13 { throw UsageError("--workers 13: nobody wants that") }
    }
}

/// One level further down.
struct PackCommand: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "pack", abstract: "Pack or unpack.", subcommands: [ListCommand.self])
    }
}

struct ListCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "list", abstract: "List what is packed.")
    }

    @Flag(help: "Everything.")
    var all = false

    func run() {}
}

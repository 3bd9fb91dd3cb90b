import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport
import TailorTerminal

/// `tailor weights`: what fine-tuning can start from.
struct WeightsCommand: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "weights",
            abstract: "Show, fetch and verify the pretrained weights that training starts from.",
            discussion: """
                  tailor weights list
                  tailor weights fetch imagenet
                  tailor weights verify resnet18.pth
                """,
            subcommands: [WeightsListCommand.self, WeightsFetchCommand.self, WeightsVerifyCommand.self])
    }
}

struct WeightsListCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "list",
            abstract: "Show the weights that are known by name: where they lie, accuracy, licence, SHA-256.")
    }

    @OptionGroup("Messages") var out: OutputOptions

    private struct Document: Encodable {
        let weights: [KnownWeights]
    }

    func run() throws {
        let known = KnownWeights.all()
        guard !out.json else { return try Console.json(Document(weights: known)) }
        try Console.result(known.map(WeightsText.describe).joined(separator: "\n\n"))
    }
}

struct WeightsFetchCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "fetch",
            abstract: "Download weights into PyTorch's cache folder, if they are not there yet.",
            discussion: """
                The folder is $TORCH_HOME/hub/checkpoints, else ~/.cache/torch/hub/checkpoints, where PyTorch \
                itself looks. The SHA-256 is checked, of a file that lies there already, too.
                """)
    }

    /// Weights that can be downloaded.
    enum Name: String, CaseIterable, ArgumentValue {
        case imagenet
    }

    @Argument(help: "The weights.")
    var name: Name?

    @OptionGroup("Messages") var out: OutputOptions

    private struct Document: Encodable {
        let name: String
        let path: String
        let sha256: String
    }

    func run() throws {
        let path = try PretrainedWeights.fetchImageNet { if !out.quiet { Console.note($0) } }
        let set = WeightSet.imagenet
        if out.json {
            try Console.json(Document(name: set.name, path: path, sha256: set.sha256))
        } else {
            try Console.result("\(path.printable): SHA-256 as it should be (\(set.sha256))")
        }
    }
}

struct WeightsVerifyCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "verify",
            abstract: "Say what a file of weights holds and whether training can start from it.",
            discussion: """
                Of weights that are known by name the SHA-256 is checked as well. Nothing in the file is \
                executed. Exit code 3 when it cannot be used, 2 when there is no such file.
                """)
    }

    @Argument(
        name: "weights", completion: .words(["imagenet", "bundled"]).orFile("safetensors", "pth"),
        help: "imagenet, bundled, or a .safetensors or .pth file.")
    var weights: String

    @OptionGroup("Messages") var out: OutputOptions

    func run() throws {
        let known = try KnownWeights.file(named: weights)
        let url = known?.url ?? URL(fileURLWithPath: weights)
        guard !weights.isEmpty else { throw WeightsError.emptySource }
        let verification = try WeightsVerification(url, expected: known?.set)
        if out.json {
            try Console.json(verification)
        } else {
            let title = known == nil ? weights : "\(weights) (\(url.path))"
            try Console.result(WeightsText.describe(verification, title: title))
        }
        if !verification.isUsable { throw ExitCode(.gate) }
    }
}

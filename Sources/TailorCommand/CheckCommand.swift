import ArgumentParser
import Foundation
import Tailor
import TailorSupport

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find what would spoil training on DATA, or make its result a lie.",
        discussion: """
            Opens every image of train/, val/ and test/ (test images for hashes, sizes and copies only) and lists \
            what it finds, the worst first. Nothing is changed. Exit code 3 when an error was found.
            """)

    @Argument(help: "Folder with train/, val/ and test/, or with class folders.")
    var data: String

    @Option(
        help: "Regular expression on the path; its first capture group names the patient, video or module.")
    var groupBy: String?

    @Option(help: "Side of the image that training would use, in pixels.")
    var imageSize = 224

    @Option(help: "The augmentation that training would use: standard, inspection, guide or none.")
    var augment = "standard"

    @Option(help: "imagenet, bundled, none, or a .safetensors or .pth file. Default: imagenet, else bundled.")
    var weights: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Compare features of the pretrained trunk: cropped copies, doubtful labels.")
    var features = true

    @Flag(
        inversion: .prefixedNo,
        help: "Keep measurements in the user's cache folder; unchanged files are not read again.")
    var cache = true

    @OptionGroup(title: "Machine")
    var machine: MachineOptions

    @OptionGroup(title: "Output")
    var out: OutputOptions

    func run() throws {
        let machine = try machine.resolve()
        let root = URL(fileURLWithPath: data)
        let options = DatasetAudit.Options(
            augmentation: try Augmentation.preset(named: augment), imageSize: imageSize,
            grouping: try groupBy.map(ImageGrouping.init(pattern:)), workers: machine.workers,
            cacheFile: cache ? DatasetAudit.standardCacheFile(for: root) : nil)
        let audit: DatasetAudit
        if features {
            let loaded = try PretrainedWeights.load(try weights.map(WeightsSource.init(parsing:))) {
                if !out.quiet { Console.note($0) }
            }
            audit = try DatasetAudit(root, options: options, weights: loaded, machine: machine)
        } else {
            audit = try DatasetAudit(root, options: options)
        }
        Console.result(String(decoding: try JSONFile.encode(audit.report), as: UTF8.self))
        if audit.report.count(.error) > 0 { throw ExitCode(3) }
    }
}

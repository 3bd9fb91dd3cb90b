import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport
import TailorTerminal

struct AdviseCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "advise",
            abstract:
                "Say what training on DATA will take: memory, time, disk, and the largest batch that fits.",
            discussion: """
                Takes the options of train that change what a run costs, with --memory in place of --memory-limit. \
                Reads names, the headers of some images, and no test image. Times come from passes that are measured \
                on this machine, which takes some seconds once; of a GPU that is not here (--device cuda --memory \
                12G) it tells the memory alone. Exit code 3 where the run does not fit.
                """,
            heading: "Data and machine")
    }

    @Argument(
        completion: .folder,
        help: "Folder with train/ (and val/, test/), or with class folders; or a CSV as split writes it.")
    var data: String

    @Option(
        shown: "what is here", help: "Memory of the machine, or with --device cuda of its GPU, as 12G.")
    var memory: ByteCount?

    @Option(
        placeholder: "cpu|cuda", completion: .words(["cpu", "cuda"]), shown: "what train would use",
        help: "Where train would compute; the GPU need not be here.")
    var device: String?

    @Option(
        bounds: .within(1...256), shown: "one a core, at most 8",
        help: "Threads that read, decode and augment images.")
    var workers: Int?

    @OptionGroup var computing: ThreadOptions

    @Option(
        placeholder: "share", bounds: .between(0, 1), shown: "0.2",
        help: "Share of the training images that validates where DATA has no val/.")
    var validationShare: Double?

    @Option(bounds: .within(RecipeLimits.folds), help: "Folds of a cross-validation.")
    var folds: Int?

    @OptionGroup
    var weights: WeightsOptions

    @OptionGroup("Recipe")
    var recipe: RecipeOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func run() throws {
        let recipe = try recipe.resolve()
        if self.recipe.printRecipe {
            try Console.json(recipe)
            return
        }
        let workers = CoreLimit.capped(workers) ?? min(ProcessorCount.available, 8)
        computing.apply(beside: workers)
        let asked = try device.map(Device.init(parsing:)) ?? .best
        let isHere = (try? asked.checkAvailable()) != nil
        let folder = try DatasetFolder.scan(URL(fileURLWithPath: data))
        let limit = ForecastLimits(device: asked, given: memory?.bytes)
        let images = ForecastImages(
            of: folder, validationShare: validationShare ?? 0.2, imbalance: recipe.imbalance)
        if images.unreadable > 0 { try Self.tell(images, data) }
        let setting = MemoryForecast.Setting(
            recipe: recipe, images: images,
            precision: isHere ? recipe.precision.resolved(on: asked) : Self.usual(recipe.precision),
            onGPU: asked.kind == .cuda, isPretrained: try weights.source() != .some(.none), workers: workers)
        let forecast = try Forecast.make(
            of: folder, setting: setting, device: isHere ? asked : nil, host: limit.host, gpu: limit.gpu,
            output: URL(fileURLWithPath: "runs"), folds: folds, measuring: .always
        ) { [quiet = out.quiet] in
            if !quiet { Console.note("measuring how fast this machine is (once for these settings)…") }
        }
        let plan = forecast.fits ? nil : MemoryPlan(setting, host: limit.host.bytes, gpu: limit.gpu?.bytes)
        let advice =
            forecast.fitsMemory ? nil : ForecastText.advice(forecast, wanted: setting, plan: plan)
        if out.json {
            try Console.json(Verdict(forecast: forecast, advice: advice))
        } else {
            try Console.result(ForecastText(forecast).text)
            if let advice { try Console.result("does not fit. What fits: " + advice) }
            if !forecast.fitsDisk { try Console.result("does not fit: the disk has too little room") }
        }
        if !forecast.fits { throw ExitCode(.gate) }
    }

    /// A forecast with what follows from it, as one object.
    private struct Verdict: Encodable {
        let forecast: Forecast
        let advice: String?

        private enum Key: String, CodingKey { case fits, advice }

        func encode(to encoder: any Encoder) throws {
            try forecast.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(forecast.fits, forKey: .fits)
            try container.encodeIfPresent(advice, forKey: .advice)
        }
    }

    /// Says that images cannot be read; throws `UsageError` where none of those looked at can.
    private static func tell(_ images: ForecastImages, _ data: String) throws {
        let all = Format.count(images.looked, "image")
        guard images.unreadable < images.looked else {
            throw UsageError(
                "\(data.printable): none of the \(all) looked at can be read: tailor check says why")
        }
        Console.warning(
            "\(Format.count(images.unreadable)) of the \(all) looked at cannot be read, and are taken to be like the "
                + "others: tailor check names them")
    }

    /// Of a GPU that is not here: those of the last years have bf16.
    private static func usual(_ precision: TrainingPrecision) -> TrainingPrecision {
        precision == .automatic ? .bfloat16 : precision
    }
}

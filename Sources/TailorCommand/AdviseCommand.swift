import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct AdviseCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "advise",
            abstract:
                "Say what training on DATA will take: memory, time, disk, and the largest batch that fits.",
            discussion: """
                Takes the options of train that change it. Reads names, the headers of some images, and no test \
                image. Times come from passes that are measured on this machine, which takes some seconds once. With \
                --memory and --device it speaks of another machine, whose times it cannot know.
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
        let setting = MemoryForecast.Setting(
            recipe: recipe,
            images: ForecastImages(
                of: folder, validationShare: validationShare ?? 0.2, imbalance: recipe.imbalance),
            precision: isHere ? recipe.precision.resolved(on: asked) : Self.usual(recipe.precision),
            onGPU: asked.kind == .cuda, isPretrained: try weights.source() != .some(.none), workers: workers)
        let forecast = try Forecast.make(
            of: folder, setting: setting, device: isHere ? asked : nil, host: limit.host, gpu: limit.gpu,
            output: URL(fileURLWithPath: "runs"), folds: folds, measuring: .always
        ) { [quiet = out.quiet] in
            if !quiet { Console.note("measuring how fast this machine is (once for these settings)…") }
        }
        let plan = forecast.fits ? nil : MemoryPlan(setting, host: limit.host.bytes, gpu: limit.gpu?.bytes)
        if out.json {
            try Console.json(forecast)
            return
        }
        try Console.result(ForecastText(forecast).text)
        if !forecast.fitsMemory {
            try Console.result(
                "does not fit. What fits: " + ForecastText.advice(forecast, wanted: setting, plan: plan))
        }
    }

    /// Of a GPU that is not here: those of the last years have bf16.
    private static func usual(_ precision: TrainingPrecision) -> TrainingPrecision {
        precision == .automatic ? .bfloat16 : precision
    }
}

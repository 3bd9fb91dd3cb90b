// swift-tools-version: 6.1
import Foundation
import PackageDescription

// `make setup` writes .deps/pkgconfig/*.pc, through which SwiftPM learns where libtorch and the
// image libraries are (the Makefile exports PKG_CONFIG_PATH). SwiftPM refuses -Wl,-rpath from
// there, so executables and tests carry the run path themselves.
let libtorchLibraries: String = {
    if let own = Context.environment["TAILOR_LIBTORCH"], !own.isEmpty { return own + "/lib" }
    return Context.packageDirectory + "/.deps/libtorch/lib"
}()
let openvinoLibraries: String = {
    if let own = Context.environment["TAILOR_OPENVINO"], !own.isEmpty { return own + "/lib" }
    return Context.packageDirectory + "/.deps/openvino/lib"
}()
func runPath(_ folders: String...) -> [LinkerSetting] {
    [.unsafeFlags(folders.flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] })]
}
let libraryRunPath = runPath(libtorchLibraries, openvinoLibraries)

// What `import Tailor` brings. Whoever imports it names these as well: SwiftPM rebuilds a target only when one
// it names has changed, and a changed struct behind a re-export would be read with its old size.
let libraryModules = [
    "TailorAudit", "TailorCheckpoints", "TailorDatasets", "TailorDeployment", "TailorEvaluation",
    "TailorFineTuning", "TailorImages", "TailorInference", "TailorModelFile", "TailorReports",
    "TailorResNet", "TailorSplitting", "TailorSupport", "TailorTensors", "TailorTerminal",
]

let package = Package(
    name: "tailor",
    // Synchronization's Mutex begins with macOS 15.
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Tailor", targets: ["Tailor"]),
        .library(name: "TailorInference", targets: ["TailorInference"]),
        .executable(name: "tailor", targets: ["TailorCommand"]),
        .executable(name: "tailor-runtime", targets: ["TailorRuntimeCommand"]),
    ],
    targets: [
        // C libraries and the shims over them: one Swift importer each.
        .systemLibrary(
            name: "CLibTorch", path: "Sources/SystemLibraries/CLibTorch", pkgConfig: "tailor-libtorch"),
        .systemLibrary(
            name: "CLibJPEG", path: "Sources/SystemLibraries/CLibJPEG", pkgConfig: "libjpeg",
            providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CLibVIPS", path: "Sources/SystemLibraries/CLibVIPS", pkgConfig: "tailor-vips",
            providers: [.apt(["libvips-dev"]), .brew(["vips"])]),
        .systemLibrary(
            name: "COpenVINO", path: "Sources/SystemLibraries/COpenVINO", pkgConfig: "tailor-openvino"),
        .systemLibrary(
            name: "CLibCrypto", path: "Sources/SystemLibraries/CLibCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(
            name: "CLibYAML", path: "Sources/SystemLibraries/CLibYAML", pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(
            name: "CLibZ", path: "Sources/SystemLibraries/CLibZ", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CTorch", dependencies: ["CLibTorch"]),
        .target(name: "CTurboJPEG", dependencies: ["CLibJPEG"]),
        .target(name: "CVIPS", dependencies: ["CLibVIPS"]),

        // The library, ground floor first.
        .target(
            name: "TailorSupport",
            // Elsewhere CryptoKit comes with the system.
            dependencies: [.target(name: "CLibCrypto", condition: .when(platforms: [.linux]))]),
        .target(name: "TailorImages", dependencies: ["CTurboJPEG", "CVIPS", "TailorSupport"]),
        .target(name: "TailorEvaluation", dependencies: ["TailorSupport"]),
        .target(name: "TailorTensors", dependencies: ["CTorch", "TailorSupport"]),
        .target(name: "TailorCheckpoints", dependencies: ["CLibZ", "TailorSupport", "TailorTensors"]),
        .target(name: "TailorDatasets", dependencies: ["TailorImages", "TailorSupport"]),
        .target(
            name: "TailorSplitting",
            dependencies: ["CLibYAML", "TailorDatasets", "TailorImages", "TailorSupport"]),
        .target(
            name: "TailorAudit",
            dependencies: [
                "TailorDatasets", "TailorEvaluation", "TailorImages", "TailorSplitting", "TailorSupport",
            ]),
        .target(
            name: "TailorResNet", dependencies: ["TailorCheckpoints", "TailorSupport", "TailorTensors"],
            // The licence goes wherever the weights go.
            resources: [
                .copy("Resources/resnet18-imagenet.safetensors"),
                .copy("Resources/resnet18-imagenet.LICENSE"),
            ]),
        .target(
            name: "TailorFineTuning",
            dependencies: [
                "TailorAudit", "TailorCheckpoints", "TailorDatasets", "TailorEvaluation", "TailorImages",
                "TailorResNet", "TailorSupport", "TailorTensors",
            ]),
        .target(
            name: "TailorModelFile",
            dependencies: ["TailorEvaluation", "TailorImages", "TailorSupport"]),
        .target(
            name: "TailorInference",
            dependencies: [
                "COpenVINO", "TailorEvaluation", "TailorImages", "TailorModelFile", "TailorSupport",
            ]),
        .target(
            name: "TailorDeployment",
            dependencies: [
                "TailorCheckpoints", "TailorDatasets", "TailorEvaluation", "TailorFineTuning", "TailorImages",
                "TailorInference", "TailorModelFile", "TailorResNet", "TailorSupport", "TailorTensors",
            ]),
        .target(name: "TailorTerminal", dependencies: ["TailorEvaluation", "TailorSupport"]),
        .target(
            name: "TailorReports",
            dependencies: [
                "TailorAudit", "TailorDatasets", "TailorEvaluation", "TailorImages", "TailorModelFile",
                "TailorSupport", "TailorTerminal",
            ]),
        .target(
            name: "Tailor",
            dependencies: libraryModules.map { .byName(name: $0) }),

        // What several test targets need.
        .target(
            name: "TestSupport", dependencies: (libraryModules + ["Tailor"]).map { .byName(name: $0) },
            path: "Tests/TestSupport"),

        // Command lines: how one is declared and read, and what both programs share.
        .target(name: "TailorArguments"),
        .target(
            name: "TailorCommandLine",
            dependencies: [
                "TailorArguments", "TailorEvaluation", "TailorImages", "TailorInference", "TailorSupport",
                "TailorTerminal",
            ]),
        .executableTarget(
            name: "TailorRuntimeCommand",
            dependencies: [
                "TailorArguments", "TailorCommandLine", "TailorImages", "TailorInference", "TailorModelFile",
                "TailorSupport",
            ],
            linkerSettings: runPath(openvinoLibraries)),
        .executableTarget(
            name: "TailorCommand",
            dependencies: libraryModules.map { .byName(name: $0) } + [
                "Tailor", "TailorArguments", "TailorCommandLine",
            ],
            linkerSettings: libraryRunPath),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx20
)

// A program over TailorCommandLine alone, which its tests run.
package.targets.append(
    .executableTarget(
        name: "TestProgram",
        dependencies: ["TailorArguments", "TailorCommandLine", "TailorEvaluation", "TailorSupport"],
        path: "Tests/TestProgram", linkerSettings: runPath(openvinoLibraries)))

// Their tests need no other module.
let groundFloor = ["TailorArguments", "TailorSupport"]
// What the tests of a module need beside the library.
let companions = ["TailorCommandLine": ["TailorArguments", "TestProgram"]]

/// The tests in `Tests/<name>Tests`, if there are any; their golden files lie in the folder Golden there.
@MainActor func addTests(
    _ name: String, dependencies: Set<String>, linkerSettings: [LinkerSetting] = libraryRunPath
) {
    let directory = "Tests/\(name)Tests"
    let folder = Context.packageDirectory + "/" + directory
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard files.contains(where: { $0.hasSuffix(".swift") }) else { return }
    package.targets.append(
        .testTarget(
            name: "\(name)Tests", dependencies: dependencies.sorted().map { .byName(name: $0) },
            path: directory, resources: files.contains("Golden") ? [.copy("Golden")] : [],
            linkerSettings: linkerSettings))
}

// One test target a module, and one of what tests share.
for module in [
    "TailorArguments", "TailorSupport", "TailorImages", "TailorEvaluation", "TailorTensors",
    "TailorCheckpoints", "TailorDatasets", "TailorSplitting", "TailorAudit", "TailorResNet",
    "TailorFineTuning",
    "TailorModelFile", "TailorInference", "TailorDeployment", "TailorTerminal", "TailorReports",
    "TailorCommandLine", "TailorCommand", "TestSupport",
] {
    let library = groundFloor.contains(module) ? [] : libraryModules + ["Tailor"]
    addTests(module, dependencies: Set(library + [module, "TestSupport"] + (companions[module] ?? [])))
}
// The product TailorInference as an app has it.
addTests("InferenceProduct", dependencies: ["TailorInference"], linkerSettings: runPath(openvinoLibraries))

// In-process fuzzing of the parsers, only for Scripts/torture/fuzz.sh: the program has libFuzzer's entry points
// in place of a main function.
if Context.environment["TAILOR_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "TailorFuzz",
            dependencies: (libraryModules + ["Tailor", "TailorArguments"]).map { .byName(name: $0) },
            path: "Scripts/torture/fuzz/Harness", swiftSettings: [.unsafeFlags(["-parse-as-library"])],
            linkerSettings: libraryRunPath))
}

import ArgumentParser

package struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON document on standard output and nothing else there.")
    package var json = false

    @Flag(name: .shortAndLong, help: "No progress; warnings and errors only.")
    package var quiet = false

    package init() {}
}

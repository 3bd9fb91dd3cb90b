import TailorArguments

/// Options for what is printed.
package struct OutputOptions: ArgumentGroup {
    @Flag(help: "Print one JSON document on standard output and nothing else there.")
    package var json = false

    @Flag(short: "q", help: "No progress; warnings and errors only.")
    package var quiet = false

    package init() {}
}

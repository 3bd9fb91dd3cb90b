import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct DoctorCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "doctor",
            abstract: "Say what was found here: libraries, processor, GPUs, memory, threads, weights.")
    }

    @OptionGroup("Messages") var out: OutputOptions

    func run() throws {
        let facts = SystemFacts.collect()
        if out.json {
            try Console.json(facts)
        } else {
            try Console.result(
                facts.lines.map {
                    "\($0.name.padding(toLength: 18, withPad: " ", startingAt: 0)) \($0.value)"
                }.joined(separator: "\n"))
        }
    }
}

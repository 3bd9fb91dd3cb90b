import TailorArguments

/// Options for what a run may take of the machine.
struct MemoryOptions: ArgumentGroup {
    @Option(
        shown: "what the machine has, or a container grants",
        help:
            "Most memory that the run may take, as 6G: batches are cut into parts whose gradients are summed, and fewer "
            + "decoded images kept, so that it stays below; results change by rounding alone.")
    var memoryLimit: ByteCount?

    @Flag(help: "Begin although the forecast says that memory or disk will not suffice.")
    var force = false
}

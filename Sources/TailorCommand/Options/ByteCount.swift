import TailorArguments

/// Bytes as people write them: `6G`, `512MB`, `1.5GiB`. Powers of 1000, as memory is shown; of 1024 with an i.
struct ByteCount: ArgumentValue {
    let bytes: Int

    init(argument text: String) throws(ValueProblem) {
        let problem = ValueProblem(expected: "a size such as 6G or 512M")
        var rest = text.lowercased()
        let base: Double = rest.hasSuffix("ib") ? 1024 : 1000
        for ending in ["ib", "b"] where rest.hasSuffix(ending) {
            rest.removeLast(ending.count)
            break
        }
        guard let unit = rest.popLast(), let power = Array("kmgt").firstIndex(of: unit),
            let number = Double(rest),
            number.isFinite, number > 0
        else { throw problem }
        var size = number
        for _ in 0...power { size *= base }
        guard let bytes = Int(exactly: size.rounded()) else { throw problem }
        self.bytes = bytes
    }

    var argumentText: String { "\(bytes)" }

    static var placeholder: String { "size" }
}

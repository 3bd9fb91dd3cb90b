/// ResNet found among named tensors: how its names are spelled, which prefix they have, what is beside it.
package struct BackboneNames {
    package var spelling: WeightSpelling
    /// Prefix of all of its names, `module.` or `encoder_q.` for instance; often empty.
    package var prefix: String
    /// torchvision's name of each of its tensors, by the name in the file.
    package var names: [String: String] = [:]
    /// Names of everything else, sorted.
    package var others: [String] = []
    /// Prefixes of further ResNets, which are not taken.
    package var otherPrefixes: [String] = []

    /// Finds a ResNet by the name of its first block's first convolution. Where there are several (a
    /// momentum encoder, an average of the weights), those are the last choice, then the shortest prefix is
    /// the first.
    package init?(_ names: some Collection<String>) {
        var found: [(spelling: WeightSpelling, prefix: String)] = []
        for spelling in WeightSpelling.allCases {
            for name in names where name.hasSuffix(spelling.firstConvolution) {
                let prefix = String(name.dropLast(spelling.firstConvolution.count))
                if prefix.isEmpty || prefix.hasSuffix(".") { found.append((spelling, prefix)) }
            }
        }
        found.sort {
            (Self.isAverage($0.prefix) ? 1 : 0, $0.prefix.utf8.count, $0.prefix)
                < (Self.isAverage($1.prefix) ? 1 : 0, $1.prefix.utf8.count, $1.prefix)
        }
        guard let first = found.first else { return nil }
        (spelling, prefix) = first
        otherPrefixes = found.dropFirst().map(\.prefix)
        for name in names {
            if name.hasPrefix(prefix),
                let known = spelling.torchvisionName(String(name.dropFirst(prefix.count)))
            {
                self.names[name] = known
            } else {
                others.append(name)
            }
        }
        others.sort()
    }

    /// Whether a prefix speaks of a copy that follows the trained weights.
    private static func isAverage(_ prefix: String) -> Bool {
        let words = prefix.lowercased().split { ".-_".contains($0) }
        return words.contains {
            ["ema", "swa", "averaged", "momentum", "teacher", "target", "k"].contains($0)
        }
    }

    /// Classification head among what is beside the backbone, whatever it is called: the only matrix with
    /// this many columns, or of several the one of the usual name.
    ///
    /// - Returns: name without its last part and number of classes.
    package func head(shapes: [String: [Int]], features: Int) -> (name: String, classes: Int)? {
        let heads = others.compactMap { name -> (name: String, classes: Int)? in
            guard let shape = shapes[name], shape.count == 2, shape[1] == features, name.hasSuffix("weight")
            else { return nil }
            let module = name.split(separator: ".").dropLast().joined(separator: ".")
            return (module, shape[0])
        }
        if heads.count == 1 { return heads[0] }
        let usual = ["fc", "classifier.1", "classifier", "head", "head.fc"]
        return heads.first {
            usual.contains($0.name) || usual.contains(String($0.name.dropFirst(prefix.count)))
        }
    }
}

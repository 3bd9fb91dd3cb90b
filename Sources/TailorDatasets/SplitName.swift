/// Meaning of a name that a folder, or a cell of a column, gives to a part of a split; nil for other names.
///
/// Case, separators and fillers (`set`, `data`, `images`) do not matter: `Training`, `test_set`, `VALID`.
package enum SplitName: Equatable, Sendable {
    case part(SplitPart)
    /// Name with a part's word among others: `seg_train`, `val2017`.
    case containing(SplitPart)
    /// Name that means validation to some and the test to others (`eval`), or names two parts.
    case unclear

    private static let words: [String: SplitName] = {
        let parts: [(SplitPart, [String])] = [
            (
                .train,
                [
                    "train", "training", "trn", "entrenamiento", "entrainement", "entraînement", "treino",
                    "treinamento", "treinar", "addestramento", "trainings",
                ]
            ),
            (
                .val,
                [
                    "val", "valid", "validation", "validate", "validating", "dev", "devel", "validación",
                    "validacion", "validação", "validacao", "validierung", "validierungs", "validazione",
                ]
            ),
            (
                .test,
                ["test", "testing", "tests", "tst", "prueba", "pruebas", "teste", "testes", "prova", "essai"]
            ),
        ]
        var words: [String: SplitName] = ["eval": .unclear, "evaluation": .unclear]
        for (part, names) in parts { for name in names { words[name] = .part(part) } }
        return words
    }()

    private static let fillers = [
        "daten", "datos", "dados", "donnees", "données", "dati",
        "datasets", "dataset", "data", "sets", "set", "images", "image", "imgs", "img", "samples", "split",
        "subset", "folder",
    ]

    package init?(_ name: String) {
        var meanings: Set<SplitName> = []
        var isLonger = false
        for word in Self.words(of: name) {
            if let meaning = Self.meaning(of: word) {
                meanings.insert(meaning)
            } else if !Self.fillers.contains(word) {
                isLonger = true
            }
        }
        switch (meanings.count, meanings.first, isLonger) {
        case (1, .part(let part)?, true): self = .containing(part)
        case (1, .unclear?, true): return nil
        case (1, let meaning?, false): self = meaning
        case (2..., _, false): self = .unclear
        default: return nil
        }
    }

    /// Part that a name means; nil for a longer, unclear or other name.
    package static func part(_ name: String) -> SplitPart? {
        if case .part(let part)? = SplitName(name) { part } else { nil }
    }

    /// Meaning of one word, which may end in a filler: `trainset`.
    private static func meaning(of word: String) -> SplitName? {
        if let meaning = words[word] { return meaning }
        return fillers.lazy.filter(word.hasSuffix).compactMap { words[String(word.dropLast($0.count))] }.first
    }

    /// Words of a name in lower case, divided at what is no letter, and where capitals begin.
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        var word = ""
        var endsSmall = false
        for character in name {
            if !character.isLetter || (endsSmall && character.isUppercase) {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if character.isLetter {
                word.append(character)
            } else if character.isNumber {
                words.append(String(character))
            }
            endsSmall = character.isLowercase
        }
        return word.isEmpty ? words : words + [word.lowercased()]
    }
}

extension SplitName: Hashable {}

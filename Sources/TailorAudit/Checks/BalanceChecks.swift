import TailorDatasets
import TailorSupport

/// Checks of the number of images by class and split.
struct BalanceChecks {
    let classes: [String]
    /// Image counts of the classes, by split.
    let counts: [SplitPart: [Int]]

    var findings: [Finding] {
        [fewImages, imbalance, validationShare, testSize, shares].compactMap { $0 }
    }

    private var train: [Int] { counts[.train] ?? [] }

    private var fewImages: Finding? {
        let small = zip(classes, train).filter { $1 > 0 && $1 < 80 }
        guard !small.isEmpty else { return nil }
        let tiny = small.filter { $0.1 < 20 }.count
        return Finding(
            severity: .warning, area: .balance, code: "few-images",
            title: "\(counted(small.count, "class", "classes")) with fewer than 80 training images"
                + (tiny > 0 ? ", \(tiny) with fewer than 20" : "") + ": "
                + small.map { "\($0.printable) (\($1))" }.listed() + ".",
            why: tiny > 0
                ? "With fewer than 20, what is learnt is these images rather than the class."
                : "100 to 500 a class are usual; with fewer, results vary much from run to run.",
            remedy: "Collect more of these first: it helps more than any setting.")
    }

    private var imbalance: Finding? {
        let present = train.filter { $0 > 0 }
        guard present.count > 1, let most = present.max(), let least = present.min(),
            Double(most) > 1.2 * Double(least)
        else { return nil }
        let share = Double(most) / Double(present.reduce(0, +))
        let weights = zip(classes, Balance.moderateClassWeights(train)).filter { $1 > 0 }
            .prefix(10).map { "\($0.printable) \(Self.decimals($1))" }.joined(separator: ", ")
        let isBlind = share >= 0.8
        let commonest = classes[train.firstIndex(of: most) ?? 0].printable
        return Finding(
            severity: isBlind ? .warning : .advice, area: .balance, code: "imbalance",
            title:
                "The largest class has \(Self.decimals(Double(most) / Double(least))) times the images of the smallest.",
            why:
                "Always answering “\(commonest)” is right \(percent(share)) of the time: accuracy "
                + "\(isBlind ? "is blind to missing the rest" : "hides part of that"); macro-F1 and recall a class show it.",
            remedy: "Nothing to do: training weights the loss (\(weights)) and picks by macro-F1. "
                + "--oversample, or --class-weights, if missing one class costs more.")
    }

    private var validationShare: Finding? {
        let (training, validation) = (train.reduce(0, +), (counts[.val] ?? []).reduce(0, +))
        guard training > 0, validation > 0 else { return nil }
        let share = Double(validation) / Double(training)
        guard share < 0.1 || share > 0.5 else { return nil }
        return Finding(
            severity: .advice, area: .balance, code: "validation-size",
            title: "val/ holds \(percent(share)) as many images as train/.",
            why: share < 0.1
                ? "With few, chance picks the model that is kept." : "These images could teach instead.",
            remedy: "About 20 % is usual.")
    }

    private var testSize: Finding? {
        guard let test = counts[.test] else {
            return Finding(
                severity: .advice, area: .balance, code: "no-test",
                title: "There is no test folder.",
                why: "Validation picks the model and therefore flatters it; only unseen images tell.",
                remedy: "Set aside images from where the model will work, before training.")
        }
        let small = zip(classes, test).filter { $1 > 0 && $1 < 30 }
        guard !small.isEmpty else { return nil }
        return Finding(
            severity: .advice, area: .balance, code: "small-test",
            title: "Fewer than 30 test images of \(small.map { "\($0.printable) (\($1))" }.listed()).",
            why: "With 30, a recall of 90 % has a 95 % interval of 74 to 97 %.",
            remedy: "Collect more before you rely on the figure.")
    }

    private var shares: Finding? {
        let total = Double(max(train.reduce(0, +), 1))
        var lines: [String] = []
        for split in [SplitPart.val, .test] {
            guard let other = counts[split], case let sum = other.reduce(0, +), sum >= 30 else { continue }
            for (index, name) in classes.enumerated() where index < train.count {
                let (mine, theirs) = (Double(train[index]) / total, Double(other[index]) / Double(sum))
                if abs(mine - theirs) > 0.1 {
                    lines.append(
                        "\(name.printable) \(percent(mine)) of train, "
                            + "\(percent(theirs)) of \(split.rawValue)")
                }
            }
        }
        guard !lines.isEmpty else { return nil }
        return Finding(
            severity: .advice, area: .balance, code: "unequal-shares",
            title: "Classes have other shares in other splits: \(lines.listed(limit: 4)).",
            why: "Precision and probabilities depend on how common a class is.",
            remedy: "Right if the test shares are those of real use; else split anew, stratified.")
    }

    private static func decimals(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

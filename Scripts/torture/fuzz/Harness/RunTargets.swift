import Foundation
import Tailor
import TailorSupport

@testable import TailorEvaluation
@testable import TailorFineTuning

let runTargets = [
    FuzzTarget("recipe") { data in
        let recipe = try JSONFile.decode(Recipe.self, from: data, path: "recipe.json")
        _ = try JSONFile.unknownKeys(in: data, of: recipe, examples: Recipe.presets)
        let again = try JSONFile.decode(Recipe.self, from: JSONFile.encode(recipe), path: "again")
        try expect(again == recipe, "another recipe when written")
        try expect(recipe.differences(from: again).isEmpty, "differences from itself")
        _ = recipe.differences(from: .standard)
        try recipe.validate()
        _ = recipe.epochs
    },
    // The record, the epochs and the validation predictions, with zero bytes between them.
    FuzzTarget("run") { data in
        let parts = data.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false).map { Data($0) }
        Scratch.write(parts[0], "run.json")
        Scratch.write(parts.count > 1 ? parts[1] : Data(metrics.utf8), "metrics.csv")
        Scratch.write(parts.count > 2 ? parts[2] : Data(), "predictions_val.csv")
        let folder = RunFolder(URL(fileURLWithPath: Scratch.folder, isDirectory: true))
        let record = try RunRecord.read(from: folder)
        try record.write(to: folder)
        let written = try JSONFile.encode(record)
        try expect(try JSONFile.encode(RunRecord.read(from: folder)) == written, "another run when written")
        try RunReport.write(for: folder)
    },
    FuzzTarget("metrics") { data in
        Scratch.write(data, "metrics.csv")
        let epochs = try EpochRecord.history(from: Scratch.url("metrics.csv"))
        Scratch.write(EpochRecord.csv(epochs), "written.csv")
        let again = try EpochRecord.history(from: Scratch.url("written.csv"))
        try expect(again.count == epochs.count, "another number of epochs when written")
    },
    // The anchor, then the lines, with a zero byte between them.
    FuzzTarget("ledger") { data in
        let parts = data.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let hasAnchor = parts.count == 2
        if hasAnchor { Scratch.write(Data(parts[0]), "anchor.json") }
        let file = LedgerFile(
            url: Scratch.url("ledger.jsonl"), anchorURL: Scratch.url(hasAnchor ? "anchor.json" : "none"))
        let inspection = try file.inspect(Data(parts.last ?? Data()))
        try expect(inspection.uses >= 0 && inspection.lost >= 0, "uses below zero")
        for problem in inspection.problems { _ = problem.description }
    },
]

private let metrics = """
    epoch,phase,train_loss,val_loss,val_accuracy,val_macro_f1,images_per_second,seconds,step,best,\
    lr_stem,lr_layer1,lr_layer2,lr_layer3,lr_layer4,lr_head,seed
    0,probe,0.5,0.6,0.7,0.7,10.00,1.00,0,1,0,0,0,0,0,0,1
    1,all,0.4,0.5,0.8,0.8,10.00,1.00,5,1,0.1,0.1,0.1,0.1,0.1,0.1,1

    """

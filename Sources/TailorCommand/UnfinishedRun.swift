import Tailor
import TailorCommandLine
import TailorSupport

extension TrainedModel {
    /// Warns that training did not come to its end, and that this is the best model until then.
    func warnIfUnfinished() {
        guard record.status != .finished else { return }
        Console.warning(
            "\(folder.url.relativePath.printable): this run did not finish (\(record.status.rawValue)); its best model "
                + "so far is taken; continue it with train --resume")
    }
}

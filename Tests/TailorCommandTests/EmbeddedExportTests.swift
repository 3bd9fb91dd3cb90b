import Foundation
import Tailor
import TestSupport
import Testing

/// `tailor export --preprocess embedded`: the graph resizes and normalises, and answers the same.
@Suite(.serialized) struct EmbeddedExportTests {
    @Test(arguments: ["fp32", "int8"]) func logitsAreThoseOfExternalPreprocessing(_ precision: String) throws
    {
        let images = try ExportCommandTests.run.get().images
        func exported(_ preprocess: String) throws -> (report: ExportReport, model: Classifier) {
            let file = "\(preprocess)-\(precision).onnx"
            let outcome = try Program.run(
                [
                    "export", "runs/a", "--preprocess", preprocess, "--precision", precision, "-o", file,
                    "--json", "--quiet",
                ] + (precision == "int8" ? ["--ranges", "minmax"] : []), in: images.root)
            #expect(outcome.code == 0, "\(outcome.errors)")
            return (
                try JSONDecoder().decode(ExportReport.self, from: Data(outcome.output.utf8)),
                try Classifier(
                    contentsOf: images.root.appending(path: file),
                    options: .init(threads: 2, precision: .float32, cacheFolder: nil))
            )
        }
        let (external, embedded) = (try exported("external"), try exported("embedded"))
        #expect(external.report.input == .external && external.report.embeddedDifference == nil)
        #expect(embedded.report.input == .embedded && embedded.model.description.input == .embedded)
        #expect(try #require(embedded.report.embeddedDifference) > 0, "40 pixels become 32")

        // The trained size: nothing is resampled, every pixel is the same.
        for picture in try TestImage.coloredStripes(6, seed: 31, side: 32) {
            let expected = try external.model.classify(picture).logits
            let scale = max(1, expected.map(abs).max() ?? 1)
            expectClose(try embedded.model.classify(picture).logits, expected, absolute: 1e-4 * scale)
        }
        // Resampled, a grey level here and there, which in 8 bits tips codes over.
        let allowed: Float = precision == "int8" ? 0.05 : 0.02
        for (width, height) in [(40, 40), (97, 64), (33, 47), (640, 361)] {
            let picture = try TestImage.noise(width: width, height: height)
            let expected = try external.model.classify(picture).logits
            let scale = max(1, expected.map(abs).max() ?? 1)
            expectClose(
                try embedded.model.classify(picture).logits, expected, absolute: allowed * scale,
                "\(width)×\(height)")
        }
    }
}

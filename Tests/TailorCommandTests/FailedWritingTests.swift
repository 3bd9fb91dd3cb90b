import Foundation
import Tailor
import TestSupport
import Testing

@Suite struct FailedWritingTests {
    /// What was found is shown, whatever becomes of a file: a use of the test set cannot be taken back.
    @Test func resultsAreShownThoughAFileCannotBeWritten() throws {
        let images = try MadeImages()
        let run = images.run("a")
        let arguments = [
            "train", images.root.path, "--output", run.url.path, "--weights", "none", "--recipe", "quick",
            "--epochs", "1", "--image-size", "32", "-q",
        ]
        #expect(try Program.run(arguments).code == 0)
        try FileManager.default.createDirectory(
            at: run.test.appending(path: "metrics.json/x"), withIntermediateDirectories: true)
        let tested = try Program.run(["evaluate", run.url.path, "-q"])
        #expect(tested.code == 1 && tested.output.contains("Test result on 12 images"), "\(tested)")
        #expect(tested.errors.contains("metrics.json: "), "\(tested.errors)")
        // The page is larger than a file may be.
        let checked = try BuiltProgram.run(
            [
                "-c", "ulimit -f 1; exec \"$0\" check \"$1\" --no-features --no-cache --report \"$2\"",
                BuiltProgram.url("tailor").path, images.root.path, images.root.appending(path: "r.html").path,
            ],
            executable: URL(filePath: "/bin/sh"))
        #expect(checked.code == 1 && checked.output.contains("checked in"), "\(checked)")
        #expect(checked.errors.contains("could not write") && checked.errors.contains("r.html"))
    }
}

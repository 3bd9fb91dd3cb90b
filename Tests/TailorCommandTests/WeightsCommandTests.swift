import Foundation
import Tailor
import TestSupport
import Testing

/// `tailor weights list`, `fetch` and `verify`.
@Suite(.serialized) struct WeightsCommandTests {
    private let folder: TemporaryFolder
    private var cache: URL { folder.file("hub/checkpoints/resnet18-f37072fd.pth") }

    init() throws { folder = try TemporaryFolder() }

    private func weights(_ arguments: String...) throws -> BuiltProgram.Outcome {
        try Program.run(
            ["weights"] + arguments, in: folder.url,
            environment: ["TORCH_HOME": folder.url.path, "https_proxy": "http://127.0.0.1:9"])
    }

    private func json(_ outcome: BuiltProgram.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func listShowsWhatIsKnown() throws {
        let text = try weights("list")
        #expect(text.code == 0 && text.errors.isEmpty)
        for line in [
            "imagenet\n  where    not cached: would lie at \(cache.path)\n",
            "\n\nbundled\n  where    bundled: /",
            "\n  accuracy cannot be stated: no head, and one block of the original is missing\n",
            "\n  licence  MIT, .NET Foundation and Contributors; ",
            "\n  SHA-256  \(WeightSet.bundled.sha256)\n",
        ] { #expect(text.output.contains(line), "\(line)") }
        try folder.write(Data("x".utf8), to: "hub/checkpoints/resnet18-f37072fd.pth")
        let known = try #require(try json(weights("list", "--json"))["weights"] as? [[String: Any]])
        #expect(known.map { $0["name"] as? String } == ["imagenet", "bundled"])
        #expect(known.map { $0["state"] as? String } == ["cached", "bundled"])
        #expect(known[0]["sha256"] as? String == WeightSet.imagenet.sha256)
        #expect(known[0]["location"] as? String == cache.path)
    }

    @Test func verifyChecksWhatIsKnown() throws {
        let bundled = try weights("verify", "bundled")
        #expect(bundled.code == 0 && bundled.errors.isEmpty)
        #expect(bundled.output.contains("): training can start from it\n  file     safetensors, 22.4 MB\n"))
        #expect(bundled.output.hasSuffix("\n  elements float16, float32\n  head     none\n"))
        let missing = try weights("verify", "imagenet")
        #expect(missing.code == 2 && missing.output.isEmpty)
        #expect(missing.errors.hasPrefix("error: weights imagenet: not cached; tailor weights fetch"))
        // The right place, the wrong content.
        let network = try ResNet18(classCount: 2, seed: 1)
        try folder.write(Data(), to: "hub/checkpoints/resnet18-f37072fd.pth")
        try Safetensors.write(network.stateDictionary(), to: cache)
        let wrong = try weights("verify", "imagenet")
        #expect(wrong.code == 3 && wrong.errors.isEmpty)
        #expect(
            wrong.output.contains("cannot be used: expected SHA-256 \(WeightSet.imagenet.sha256), got "))
    }

    @Test func verifySaysWhatAFileHolds() throws {
        let network = try ResNet18(classCount: 5, seed: 1)
        let tensors = network.stateDictionary().map { ("net." + $0.0, $0.1) }
        try Safetensors.write(tensors, to: folder.file("a é\t.safetensors"))
        let text = try weights("verify", "a é\t.safetensors")
        #expect(text.code == 0 && text.errors.isEmpty)
        #expect(
            text.output.hasPrefix("a é\\t.safetensors: training can start from it\n  file     safetensors, "))
        #expect(
            text.output.hasSuffix(
                "\n  network  ResNet18 (basic blocks 2, 2, 2, 2)\n  names    torchvision's, and timm's\n"
                    + "  prefix   net.\n  elements float32\n  head     5 classes (net.fc), replaced in training\n"
            ))
        let document = try json(weights("verify", "a é\t.safetensors", "--json"))
        let facts = try #require(document["facts"] as? [String: Any])
        #expect(document["problem"] == nil && document["known"] == nil)
        #expect(facts["head_classes"] as? Int == 5 && facts["prefix"] as? String == "net.")
    }

    @Test func verifyRefuses() throws {
        try folder.write(Data(), to: "empty.pth")
        let empty = try weights("verify", "empty.pth")
        #expect(empty.code == 3 && empty.errors.isEmpty)
        #expect(
            empty.output == "empty.pth: cannot be used: expected weights as .safetensors or as .pth of "
                + "torch.save, got an empty file\n")
        let document = try weights("verify", "empty.pth", "--json")
        #expect(document.code == 3)
        #expect(try (json(document)["problem"] as? String)?.hasSuffix("got an empty file") == true)
        for (name, words) in [("nowhere.pth", "no such file"), ("hub", "not a regular file"), ("", "empty")] {
            try folder.write(Data(), to: "hub/x")
            let outcome = try weights("verify", name)
            #expect(outcome.code == 2 && outcome.output.isEmpty, "\(name)")
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        #expect(try weights("verify").code == 2)
    }

    @Test func fetchSaysWhyNot() throws {
        let outcome = try weights("fetch", "imagenet")
        #expect(outcome.code == 2 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("weights imagenet: not cached, and https://download.pytorch.org/"))
        #expect(outcome.errors.contains("put the file at \(cache.path)"))
        let other = try weights("fetch", "bundled")
        #expect(other.code == 2 && other.errors.contains("<name> bundled: expected imagenet"))
    }
}

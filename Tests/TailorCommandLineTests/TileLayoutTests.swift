import TailorArguments
import TailorCommandLine
import TailorInference
import Testing

@Suite struct TileLayoutTests {
    @Test func whatCanBeTyped() throws {
        #expect(try TileGrid.Layout(argument: "auto") == .automatic)
        #expect(try TileGrid.Layout(argument: "3x2") == .grid(columns: 3, rows: 2))
        #expect(try TileGrid.Layout(argument: "3X2").argumentText == "3x2")
        #expect(TileGrid.Layout.automatic.argumentText == "auto")
        for text in ["", "3", "x", "3x", "3x2x1", "ax2", "3 x 2"] {
            #expect(throws: ValueProblem.self, "\(text)") { try TileGrid.Layout(argument: text) }
        }
    }
}

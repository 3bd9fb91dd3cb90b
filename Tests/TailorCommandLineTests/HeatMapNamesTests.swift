import TailorCommandLine
import Testing

@Suite struct HeatMapNamesTests {
    /// A name that tells one picture from another may be another's own.
    @Test func namesNeverMeet() {
        let files = ["/d/x.jpg", "/d/x.png", "/d/x.png.jpg", "/d/x.jpg.jpg", "/d/x.png"]
        let names = HeatMapNames(of: files).names
        #expect(Set(names).count == 4 && names[1] == names[4], "\(names)")
        #expect(
            HeatMapNames(of: ["/d/p.png.jpg", "/d/p.png", "/d/p.jpg"]).names
                == ["p.png.jpg", "p.png-2.jpg", "p.jpg.jpg"])
    }
}

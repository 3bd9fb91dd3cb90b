import TailorSupport
import Testing

/// What a spreadsheet would run is text there, and what it was when it is read back.
@Suite struct FormulaTests {
    @Test(arguments: [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-cmd|x", "'-cmd|x"), ("+x", "'+x"), ("\tx", "'\tx"),
        ("'=x", "''=x"), ("\rx", "\"'\rx\""), ("=a,b", "\"'=a,b\""),
        // Numbers, and what no spreadsheet runs.
        ("-0.5", "-0.5"), ("+1", "+1"), ("-1e-3", "-1e-3"), ("'x", "'x"), ("", ""), (" =x", " =x"),
        ("a=b", "a=b"),
        ("'", "'"),
    ])
    func guarded(_ field: String, _ expected: String) throws {
        let line = CSV.line(["a", field])
        #expect(line == "a," + expected)
        #expect(try CSV.parse(line + "\n", isOwn: true) == [["a", field]])
        // In somebody else's file an apostrophe is part of a name.
        #expect(try CSV.parse("x,'=1+1\n") == [["x", "'=1+1"]])
    }
}

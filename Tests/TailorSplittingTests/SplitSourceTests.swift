import Foundation
import TailorDatasets
import TailorSplitting
import TestSupport
import Testing

@Suite struct SplitSourceTests {
    @Test func classFoldersWithGroups() throws {
        let made = try MadeDataset(
            ["b/x/p1-1.png", "b/p1-2.png", "b/other.png", "a/p1-9.png", "a/p2-1.png"], empty: true)
        let plain = try SplitSource.open(made.url)
        #expect(plain.classes.names == ["a", "b"])
        #expect(
            plain.images.map(\.path) == [
                "a/p1-9.png", "a/p2-1.png", "b/other.png", "b/p1-2.png", "b/x/p1-1.png",
            ])
        #expect(plain.images.map(\.label) == [0, 0, 1, 1, 1])
        #expect(plain.items.allSatisfy { $0.group == nil })

        let grouped = try SplitSource.open(made.url, groups: .pattern(GroupPattern("(p[0-9]+)-[0-9]")))
        #expect(grouped.images.map(\.group) == ["p1", "p2", nil, "p1", "p1"])
        #expect(
            grouped.warnings == [
                "the group pattern \"(p[0-9]+)-[0-9]\" matches 4 of 5 image paths; each other image is a group of "
                    + "its own: b/other.png"
            ])
        let whole = try SplitSource.open(made.url, groups: .pattern(GroupPattern("p[0-9]+")))
        #expect(whole.images.map(\.group) == grouped.images.map(\.group))
        let none = #expect(throws: SplitError.self) {
            try SplitSource.open(made.url, groups: .pattern(GroupPattern("q*")))
        }
        #expect(
            none?.description
                == "the group pattern \"q*\" matches none of 5 image paths (a/p1-9.png, a/p2-1.png, b/other.png and 2 more)"
        )
        let error = #expect(throws: SplitError.self) { try GroupPattern("(p") }
        #expect(
            error?.description
                == "the group pattern \"(p\" is not a regular expression: check its brackets and backslashes")
    }

    @Test func foldersThatAreRefused() throws {
        for part in ["train", "val", "Test"] {
            let made = try MadeDataset(["a/1.png", "b/1.png", "\(part)/a/1.png"], empty: true)
            let error = #expect(throws: SplitError.self) { try SplitSource.open(made.url) }
            #expect(
                error?.description
                    == "\(made.path) is split already (\(part)/): --keep-splits keeps these and cuts what is "
                    + "missing out of train, --merge divides all of their images anew")
        }
        let made = try MadeDataset(["a/1.png", "b/1.png"], empty: true)
        try made.link("b/gone.png", to: "nowhere")
        let error = #expect(throws: SplitError.self) { try SplitSource.open(made.url) }
        #expect(error?.description == "1 problem in \(made.path):\n  b/gone.png: a link to nothing")
        let skipped = try SplitSource.open(made.url, skipsProblems: true)
        #expect(skipped.images.count == 2)
        #expect(skipped.warnings == ["left out for 1 problem: b/gone.png: a link to nothing"])
        let missing = #expect(throws: SplitError.self) {
            try SplitSource.open(made.url.appendingPathComponent("no"))
        }
        #expect(missing?.description == "\(made.path)/no: no such file or folder")
    }

    @Test func aCSV() throws {
        let made = try MadeDataset(["in/1.png", "in/2.png", "3.png", "4.jpg"], empty: true)
        try made.write(
            Data(
                "\u{FEFF}label,path,size,group\r\ncat ,in/1.png,7,g\r\ndog,./in//2.png,7,\r\ncat,3.png,7,g\r\n"
                    .utf8)
                + Data("\"dog\",4.jpg,7,h\r\ndog,4.jpg,9,h\r\n".utf8), to: "list.csv")
        let source = try SplitSource.open(made.url.appendingPathComponent("list.csv"))
        #expect(source.classes.names == ["cat", "dog"])
        #expect(source.images.map(\.path) == ["in/1.png", "in/2.png", "3.png", "4.jpg"])
        #expect(source.images.map(\.label) == [0, 1, 0, 1])
        #expect(source.images.map(\.group) == ["g", nil, "g", "h"])
        #expect(
            source.notes == [
                "1 row said again what an earlier one had said", "1 label read without the blanks around",
            ])

        let error = #expect(throws: SplitError.self) {
            try SplitSource.open(
                made.url.appendingPathComponent("list.csv"), groups: .pattern(GroupPattern("x")))
        }
        #expect(
            error?.description
                == "\(made.path)/list.csv has a group column: leave out the group pattern or the column")
    }

    @Test func rowsThatAreRefused() throws {
        let made = try MadeDataset(["1.png", "2.png", "notes.txt", "in/3.png"], empty: true)
        let text = """
            path,label,group
            1.png,cat,a
            2.png,dog

            no.png,cat,
            ../1.png,cat,
            /etc/1.png,cat,
            notes.txt,cat,
            2.png,,
            2.png,a/b,
            2.png,..,
            in,dog,
            1.png,dog,a
            1.png,cat,b
            2.png,dog,
            """
        try made.write(Data(text.utf8), to: "list.csv")
        let url = made.url.appendingPathComponent("list.csv")
        let error = #expect(throws: SplitError.self) { try SplitSource.open(url) }
        guard case .problems(let problems, let place)? = error else { return #expect(Bool(false)) }
        #expect(place == url.path)
        #expect(
            problems.map(\.description) == [
                "line 3: expected 3 fields as on the first line, got 2",
                "line 5: no.png: no such file or directory",
                "line 6: \"../1.png\" leads out of the folder of images",
                "line 7: /etc/1.png: no such file or directory",
                "line 8: notes.txt is not named as an image",
                "line 9: the class name is empty",
                "line 10: the class \"a/b\" cannot be a folder's name: it holds a slash or a zero byte",
                "line 11: the class \"..\" cannot be a folder's name: such folders are passed over",
                "line 12: in is not named as an image",
                "line 13: 1.png is dog here and cat on line 2",
                "line 14: 1.png is in group b here and in a on line 2",
            ])
        let skipped = try SplitSource.open(url, skipsProblems: true)
        #expect(skipped.images.map(\.path) == ["1.png", "2.png"])
        #expect(
            skipped.warnings.count == 1 && skipped.warnings[0].hasPrefix("left out for 11 problems: line 3"))
    }

    @Test(arguments: [
        ("", ", first line: expected path,label or path,label,group; the file is empty"),
        ("source,label\n", ", first line: expected path,label or path,label,group, got source,label"),
        (
            "file,image,label\n",
            ", first line: the columns file, image may all be the path: call the one that is meant path"
        ),
        (
            "filename,width,height,class,xmin,ymin,xmax,ymax\n",
            ", first line: its rows are boxes (filename,width,height,class,xmin,ymin,xmax,ymax): name the folder of "
                + "the images as the source, and this file by --annotations"
        ),
        (
            "1.png,1,2,30,40,cat\n",
            ", first line: its rows are boxes (1.png,1,2,30,40,cat): name the folder of the images as the source, "
                + "and this file by --annotations"
        ),
        ("path,label,path\n", ", first line: the column path is there 2 times"),
        ("path,label\n", ": no images are listed below the first line"),
        ("path,label\n1.png,a\n", ": one class only (a): expected two or more"),
        ("path,label\n\"1.png,a\n", ": CSV line 2: a quoted field opens here and is never closed"),
    ])
    func filesThatAreRefused(text: String, expected: String) throws {
        let made = try MadeDataset(["1.png"], empty: true)
        try made.write(Data(text.utf8), to: "list.csv")
        let error = #expect(throws: SplitError.self) {
            try SplitSource.open(made.url.appendingPathComponent("list.csv"))
        }
        #expect(error?.description == "\(made.path)/list.csv\(expected)")
    }

    @Test func aPictureIsNoCSV() throws {
        let made = try MadeDataset()
        try made.write(Data([0x89, 0x50, 0xFF, 0xFE]), to: "1.png")
        let error = #expect(throws: SplitError.self) {
            try SplitSource.open(made.url.appendingPathComponent("1.png"))
        }
        #expect(
            error?.description
                == "\(made.path)/1.png: expected a folder, or a CSV in UTF-8, got a file that is neither")
    }
}

import TailorArguments
import Testing

@Suite struct HelpTextTests {
    @Test func aCommand() {
        let text = HelpText(width: 72).render(CommandDescription([FitProgram.self, FitCommand.self]))
        #expect(
            text == """
                Fit something.

                USAGE: sample fit <data> <images>... [options]

                ARGUMENTS:
                  <data>                    Folder of images.
                  <images>                  Images.

                DATA AND OUTPUT:
                  -o, --output <folder>     Where to write.
                  --seed <n>                Decides everything (default: 1).
                  --rotation <degrees>      Rotation (-180…180; default: 0.5).
                  --share <number>          Share for validation (between 0 and 1).
                  --skip <text>             What to leave out (may be repeated).
                  -q, --quiet               Say less.
                  -v, --verbose             Say more.
                  --[no-]cache              Keep results (default: on).

                MACHINE:
                  --workers <n>             Threads that read (1…256; default: one a
                                            core).
                  --fit <crop|pad|squash>   What to do with images that are not square
                                            (default: crop).
                  --[no-]probe              Fit the head first (default: on).

                GENERAL:
                  --version                 Show the version.
                  -h, --help                Show this help.
                """)
    }

    @Test func aProgramAtFortyCharacters() {
        let text = HelpText(width: 10, emphasis: { "*\($0)*" }).render(
            CommandDescription([FitProgram.self]))
        #expect(
            text == """
                A program for tests.

                *USAGE:* sample <command>

                First paragraph, long enough to be
                broken into several lines at forty
                characters.

                  sample fit data
                  sample fit data -o 'a run'

                *COMMANDS:*
                  fit   Fit something.
                  pack  Pack or unpack.

                *GENERAL:*
                  --version
                        Show the version.
                  -h, --help
                        Show this help.

                'sample help COMMAND' tells more of one.
                """)
    }

    @Test(arguments: [40, 60, 80, 120, 200]) func noLineIsWiderThanTheTerminal(_ width: Int) {
        let text = HelpText(width: width).render(CommandDescription([FitProgram.self, FitCommand.self]))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
        #expect(!text.contains(" \n"), "no spaces at the end of a line")
    }
}

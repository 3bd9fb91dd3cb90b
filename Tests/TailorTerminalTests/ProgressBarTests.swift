import TailorTerminal
import Testing

/// Drives a bar by hand: what it wrote, and the clock it reads.
private final class Stage {
    var text = ""
    var time = 100.0

    func bar(_ terminal: Terminal, total: Int = 1574) -> ProgressBar {
        ProgressBar(
            "epoch 2/5", total: total, terminal: terminal, write: { self.text += $0 }, now: { self.time })
    }
}

@Suite struct ProgressBarTests {
    @Test func plainLinesNowAndThen() {
        let stage = Stage()
        let bar = stage.bar(.plain)
        for step in 1...49 {
            stage.time += 1.4
            bar.update(completed: step * 32, loss: 1 / Double(step))
        }
        stage.time += 0.4
        bar.update(completed: 1574, loss: 0.02)
        bar.finish()
        #expect(
            stage.text == """
                epoch 2/5  704/1,574  loss 0.045  22.9 img/s  0:38 left
                epoch 2/5  1,408/1,574  loss 0.023  22.9 img/s  0:07 left
                epoch 2/5  1,574 img in 1 min 09 s  22.8 img/s  loss 0.020

                """)
    }

    @Test func rewrittenInPlace() {
        let stage = Stage()
        let bar = stage.bar(Terminal(isInteractive: true, usesColor: false, columns: 80))
        stage.time += 2
        bar.update(completed: 64, loss: 0.71)
        #expect(
            stage.text
                == "\repoch 2/5  ───────────────────────  64/1,574  loss 0.710  32.0 img/s  0:47 left\u{1B}[K"
        )
        stage.text = ""
        // At most ten times a second.
        stage.time += 0.05
        bar.update(completed: 96, loss: 0.7)
        #expect(stage.text.isEmpty)
        stage.time += 30
        bar.update(completed: 787, loss: 0.5)
        #expect(
            stage.text
                == "\repoch 2/5  ━━━━━━━━━━━───────────  787/1,574  loss 0.500  24.6 img/s  0:32 left\u{1B}[K"
        )
        stage.text = ""
        bar.log("note")
        #expect(stage.text == "\r\u{1B}[Knote\n")
        stage.text = ""
        bar.update(completed: 787, loss: 0.5)
        bar.finish("epoch 2/5 done")
        #expect(stage.text.hasSuffix("\r\u{1B}[Kepoch 2/5 done\n"))
        stage.text = ""
        bar.update(completed: 1000)
        bar.finish()
        #expect(stage.text.isEmpty)
    }

    @Test(arguments: [10, 20, 43, 60, 200]) func fitsTheWidth(columns: Int) {
        let stage = Stage()
        let bar = stage.bar(Terminal(isInteractive: true, usesColor: false, columns: columns))
        stage.time += 61
        bar.update(completed: 787, loss: 123.4567)
        let line = stage.text.dropFirst().replacing("\u{1B}[K", with: "")
        #expect(line.count <= columns - 1)
        #expect(line.hasPrefix(String("epoch 2/5".prefix(columns - 2))))
    }

    @Test func colourAndAscii() {
        let stage = Stage()
        let bar = stage.bar(
            Terminal(isInteractive: true, usesColor: true, usesUnicode: false, columns: 60), total: 4)
        stage.time += 1
        bar.update(completed: 2)
        #expect(stage.text.contains("\u{1B}[32m########"))
        #expect(stage.text.contains("\u{1B}[2m--------"))
        #expect(stage.text.hasSuffix("2/4  2.0 img/s  0:01 left\u{1B}[K"))
    }

    @Test func releasedUnfinishedItWipesItsLine() {
        let stage = Stage()
        do {
            let bar = stage.bar(Terminal(isInteractive: true, usesColor: false))
            stage.time += 1
            bar.update(completed: 1)
        }
        #expect(stage.text.hasSuffix("\r\u{1B}[K"))
    }

    @Test func nothingToDo() {
        let stage = Stage()
        let bar = stage.bar(.plain, total: 0)
        bar.finish()
        #expect(stage.text == "epoch 2/5  0 img in 0.0 s\n")
    }
}

/// What was typed and which words are offered for it, in every shell, without order; folders end with a slash.
enum CompletionTable {
    private static let folders = ["cost$5*/", "größe/", "home/", "it's [here]/", "my data/", "runs/"]
    private static let common = ["--version", "--help", "-h"]
    private static let train =
        [
            "--output", "-o", "--seed", "--fit", "--label", "--weights", "--exclude", "--note", "--probe",
            "--no-probe",
        ]
        + ["--device", "--workers", "--quiet", "-q", "--verbose", "-v"] + common
    private static let commands = ["train", "predict", "data", "doctor", "completion"]

    private static func train(without given: String...) -> [String] { train.filter { !given.contains($0) } }

    static let rows: [(typed: String, offered: [String])] = [
        // Commands.
        ("tailor ", commands + ["help"]),
        ("tailor tr", ["train"]),
        ("tailor x", []),
        ("tailor x ", []),
        ("tailor data ", ["check", "copy", "help"]),
        ("tailor data c", ["check", "copy"]),
        ("tailor help ", commands),
        ("tailor help t", ["train"]),
        ("tailor help data ", ["check", "copy"]),
        ("tailor data help ", ["check", "copy"]),
        // Options.
        ("tailor -", common),
        ("tailor --v", ["--version"]),
        ("tailor train d -", train),
        ("tailor train -", train),
        ("tailor train d ", train),
        ("tailor train d --o", ["--output"]),
        ("tailor train d --output runs -", train(without: "--output", "-o")),
        ("tailor train d --output=runs -", train(without: "--output", "-o")),
        ("tailor train d -o runs -", train(without: "--output", "-o")),
        ("tailor train d -oruns -", train(without: "--output", "-o")),
        ("tailor train d --no-probe -", train(without: "--probe", "--no-probe")),
        ("tailor train d -qv -", train(without: "--quiet", "-q", "--verbose", "-v")),
        ("tailor train d --exclude list.csv --e", ["--exclude"]),
        ("tailor doctor --json ", common),
        // Values.
        ("tailor train --fit ", ["crop", "pad", "squash"]),
        ("tailor train --fit p", ["pad"]),
        ("tailor train --fit=", ["--fit=crop", "--fit=pad", "--fit=squash"]),
        ("tailor train --fit=p", ["--fit=pad"]),
        ("tailor train --label ", ["plain", "two words", "it's $5 [a]:*", "größe"]),
        ("tailor train --label=t", ["--label=two words"]),
        ("tailor train --seed ", []),
        ("tailor train --seed=", []),
        ("tailor train --note ", []),
        ("tailor train --note m", []),
        ("tailor train --device ", ["cpu", "cuda", "cuda:0"]),
        ("tailor train --device=cu", ["--device=cuda", "--device=cuda:0"]),
        ("tailor train --device cuda:", ["cuda:0"]),
        ("tailor train -o ", folders),
        ("tailor train -o ru", ["runs/"]),
        ("tailor train -oru", ["-oruns/"]),
        ("tailor train --output=my", ["--output=my data/"]),
        ("tailor train -o ru d", []),
        ("tailor train --exclude ", folders + ["list.csv"]),
        ("tailor train --weights ", ["imagenet", "bundled", "none", "w.pth", "w.safetensors"] + folders),
        ("tailor train --weights=w", ["--weights=w.pth", "--weights=w.safetensors"]),
        ("tailor train --weights nothing", []),
        // Arguments.
        ("tailor train ", folders),
        ("tailor train -q ", folders),
        ("tailor train --seed 3 r", ["runs/"]),
        ("tailor train --seed=3 r", ["runs/"]),
        ("tailor train -- ", folders),
        ("tailor train -- -", []),
        ("tailor train it", ["it's [here]/"]),
        ("tailor train cost", ["cost$5*/"]),
        ("tailor train gr", ["größe/"]),
        ("tailor train .h", [".hidden/"]),
        ("tailor train runs/", ["runs/first/"]),
        ("tailor train ~/", ["~/my runs/"]),
        ("tailor predict ", ["model.onnx", "OLD.ONNX"] + folders),
        ("tailor predict runs/first/", ["runs/first/model.onnx"]),
        ("tailor predict model.onnx ", ["a.jpg"] + folders),
        ("tailor predict -- model.onnx ", ["a.jpg"] + folders),
        ("tailor predict model.onnx a.jpg 'b c.jpg' d.jpg a", ["a.jpg"]),
        ("tailor data check ", []),
        (
            "tailor data check my\\ name ",
            folders + ["a.jpg", "list.csv", "model.onnx", "notes.txt", "OLD.ONNX", "w.pth", "w.safetensors"]
        ),
        ("tailor completion ", ["bash", "zsh", "fish"]),
        ("tailor-runtime ", ["predict", "help"]),
        ("tailor-runtime predict mo", ["model.onnx"]),
        ("tailor-runtime predict m --j", ["--json"]),
    ]

    /// What was typed, a tabulator included, and what the line is then, in every shell.
    static let typing: [(typed: String, line: String)] = [
        ("tailor tr", "tailor train "),
        ("tailor-runtime pr", "tailor-runtime predict "),
        ("tailor train my", #"tailor train my\ data/"#),
        ("tailor train my\\ d", #"tailor train my\ data/"#),
        ("tailor train it", #"tailor train it\'s\ \[here\]/"#),
        ("tailor train cost", #"tailor train cost\$5\*/"#),
        ("tailor train gr", "tailor train größe/"),
        ("tailor train \"my data\"/", "tailor train \"my data\"/"),
        ("tailor predict m ./my\\ data/", #"tailor predict m ./my\ data/a\ b.jpg "#),
        ("tailor predict m \"my data/a", #"tailor predict m "my data/a b.jpg" "#),
        ("tailor predict m 'my data/a", "tailor predict m 'my data/a b.jpg' "),
        ("tailor train --output=my", #"tailor train --output=my\ data/"#),
        ("tailor train --output=~/m", #"tailor train --output=~/my\ runs/"#),
        ("tailor train $HOME/m", #"tailor train $HOME/my\ runs/"#),
        ("tailor train -omy", #"tailor train -omy\ data/"#),
        ("tailor train --label=t", #"tailor train --label=two\ words "#),
        ("tailor train --label \"t", #"tailor train --label "two words" "#),
        ("tailor train --label it", #"tailor train --label it\'s\ \$5\ \[a\]:\* "#),
        ("tailor train --label \"it", #"tailor train --label "it's \$5 [a]:*" "#),
        ("tailor train --device cuda:", "tailor train --device cuda:0 "),
        ("tailor train --weights=w.p", "tailor train --weights=w.pth "),
        ("tailor train --seed ", "tailor train --seed "),
        ("tailor predict m mod", "tailor predict m mod"),
        ("x=1 tailor tra", "x=1 tailor train "),
        ("true; tailor tra", "true; tailor train "),
    ]
}

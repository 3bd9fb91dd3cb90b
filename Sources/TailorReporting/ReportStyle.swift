/// The report's style sheet. Colours hold 4.5:1 against their ground and differ for the colour-blind.
enum ReportStyle {
    static let sheet = """

        :root {
          --ground: #ffffff; --panel: #f6f7f9; --ink: #1c2430; --soft: #5b6675; --line: #dde1e7;
          --accent: #1f5fa8; --accent-rgb: 31 95 168; --wrong-rgb: 190 80 20;
          --good: #1d6b45; --good-ground: #e8f4ed; --bad: #9a3412; --bad-ground: #fdf0e7;
          --s0: #c2570c; --s1: #1f5fa8; --s2: #2c7a5b; --s3: #7a4aa0; --s4: #a33a5c; --s5: #6b7280;
          --band0: #f2f4f7; --band1: #e8ecf1;
        }
        @media screen and (prefers-color-scheme: dark) { :root {
          --ground: #14181e; --panel: #1c222a; --ink: #e6e9ee; --soft: #a0abb9; --line: #333c48;
          --accent: #7db3ec; --accent-rgb: 88 150 214; --wrong-rgb: 222 122 58;
          --good: #7fd3a5; --good-ground: #16291f; --bad: #f5a873; --bad-ground: #33211a;
          --s0: #f0955a; --s1: #7db3ec; --s2: #6cc79d; --s3: #bd95e0; --s4: #e88aa8; --s5: #a0abb9;
          --band0: #1a2027; --band1: #222a33;
        } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
          font-family: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 3rem; }
        .run { color: var(--soft); font-weight: 600; margin: 0 0 .4rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.65rem; line-height: 1.35; font-weight: 400; margin: 0 0 1.1rem; max-width: 46rem; }
        h1 strong { font-weight: 650; color: var(--accent); }
        .interval { white-space: nowrap; color: var(--soft); }
        h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
        h3 { font-size: .95rem; margin: 0 0 .4rem; }
        section { margin-top: 2.6rem; }
        p { margin: 0 0 .6rem; }
        .note, footer { color: var(--soft); font-size: .875rem; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
        .badge { border-left: 4px solid var(--soft); background: var(--panel); padding: .6rem .9rem;
          border-radius: 0 6px 6px 0; max-width: 46rem; }
        .badge.good { border-color: var(--good); background: var(--good-ground); }
        .badge.bad { border-color: var(--bad); background: var(--bad-ground); }
        .badge.good strong { color: var(--good); } .badge.bad strong { color: var(--bad); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem;
          margin: 1.3rem 0 .6rem; }
        .tiles div { background: var(--panel); border-radius: 8px; padding: .8rem 1rem; }
        .tiles dt { color: var(--soft); font-size: .875rem; }
        .tiles dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tiles dd.range { font-size: .8125rem; font-weight: 400; color: var(--soft); }
        .warnings { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin-top: 1.6rem; }
        .warnings ul { margin: 0; padding-left: 1.2rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .42rem .9rem .42rem 0; vertical-align: middle; }
        thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); }
        tbody th { font-weight: 600; max-width: 18rem; overflow-wrap: break-word; }
        tbody tr + tr > * { border-top: 1px solid var(--line); }
        th.num, td.num { text-align: right; white-space: nowrap; }
        td small { color: var(--soft); font-size: .8125rem; }
        .dot { padding-right: .3rem; } .dot svg { width: 120px; height: 16px; display: block; }
        .track { stroke: var(--line); stroke-width: 2; }
        .whisker { stroke: rgb(var(--accent-rgb) / .45); stroke-width: 6; stroke-linecap: round; }
        .point { fill: var(--accent); }
        td.words { min-width: 10rem; }
        .kept { color: var(--good); font-size: .8125rem; display: block; }
        table.matrix { border-collapse: separate; border-spacing: 3px; margin-left: -3px; }
        .matrix thead th { border: 0; text-align: center; padding: .2rem .6rem; }
        .matrix tbody tr + tr > * { border: 0; }
        .matrix thead th.axis { font-style: italic; font-weight: 400; }
        .matrix .axis[scope] { text-align: left; padding-left: 0; }
        .matrix .cell { min-width: 5.2rem; padding: .7rem .6rem; text-align: center; border-radius: 5px;
          font-weight: 600; background: rgb(var(--accent-rgb) / calc(var(--share) * .5 + .04)); }
        .matrix .cell.wrong { background: rgb(var(--wrong-rgb) / calc(var(--share) * .5 + .04)); }
        .matrix .cell small { display: block; font-weight: 400; color: inherit; }
        .matrix .cell.none { color: var(--soft); font-weight: 400; }
        .matrix .total { text-align: right; color: var(--soft); }
        .charts { display: grid; gap: 1.4rem;
          grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); }
        figure { margin: 0; break-inside: avoid; }
        figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .3rem; }
        .keys { margin: .3rem 0 0; font-size: .8125rem; color: var(--soft); }
        .key { white-space: nowrap; margin-right: .7rem; }
        .key svg { width: 18px; height: 8px; margin-right: .3rem; }
        .chart > svg { width: 100%; height: auto; display: block; }
        svg text { font-size: 11px; fill: var(--soft); font-family: inherit; }
        svg .label { font-size: 11.5px; }
        svg .phase { font-size: 10.5px; font-weight: 600; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .band0 { fill: var(--band0); } .band1 { fill: var(--band1); }
        .best { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
        path, line[class^="s"] { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); } .s2 { stroke: var(--s2); }
        .s3 { stroke: var(--s3); } .s4 { stroke: var(--s4); } .s5 { stroke: var(--s5); }
        circle.s0 { fill: var(--s0); } circle.s1 { fill: var(--s1); } circle.s2 { fill: var(--s2); }
        circle.s3 { fill: var(--s3); } circle.s4 { fill: var(--s4); } circle.s5 { fill: var(--s5); }
        circle { stroke: none; }
        .pair { display: grid; grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); gap: 2rem;
          align-items: start; }
        .accuracy { fill: rgb(var(--accent-rgb) / .75); }
        .gap.over { fill: rgb(var(--wrong-rgb) / .45); stroke: rgb(var(--wrong-rgb)); }
        .gap.under { fill: var(--ground); fill-opacity: .5; stroke: var(--s2); }
        .ideal { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 5 4; }
        .count { fill: var(--s5); }
        .swatch { display: inline-block; width: .8em; height: .8em; border: 1px solid; margin-left: .5rem; }
        .swatch.over { background: rgb(var(--wrong-rgb) / .45); border-color: rgb(var(--wrong-rgb)); }
        .swatch.under { background: rgb(var(--accent-rgb) / .35); border-color: var(--s2); }
        details summary { cursor: pointer; color: var(--accent); }
        .mistakes { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.1rem;
          grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
        .mistakes li { break-inside: avoid; font-size: .875rem; }
        .mistakes img, .no-picture { width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 6px;
          background: var(--panel); display: block; margin-bottom: .4rem; }
        .no-picture { display: grid; place-items: center; color: var(--soft); }
        .mistakes p { margin: 0; } .mistakes em { font-style: normal; font-weight: 600; }
        .path { color: var(--soft); font-size: .75rem; overflow-wrap: anywhere; }
        .fact-groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.6rem 3rem; }
        .facts { margin: 0; font-size: .9rem; }
        .facts div { display: grid; grid-template-columns: 9rem 1fr; gap: .8rem; padding: .25rem 0;
          border-top: 1px solid var(--line); }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 44rem) { .pair { grid-template-columns: minmax(0, 1fr); } main { padding: 1.5rem 1rem; } }
        @media print {
          html { font-size: 11.5px; }
          body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { max-width: none; padding: 0; }
          section { margin-top: 1.8rem; } h2 { break-after: avoid; }
          .note + .scroll { break-before: avoid; } .matrix { break-inside: avoid; }
          tr, .tiles div, .warnings, .badge, .fact-groups > div { break-inside: avoid; }
          .tiles { grid-template-columns: repeat(5, 1fr); } .charts { grid-template-columns: repeat(3, 1fr); }
          .mistakes { grid-template-columns: repeat(6, 1fr); } .fact-groups { grid-template-columns: 1fr 1fr; }
          .scroll { overflow: visible; } details { display: none; }
        }
        """
}

/// Style sheet of a run's report, after `PageStyle`.
enum ReportStyle {
    static let sheet = """

        .interval { white-space: nowrap; color: var(--soft); }
        .badge { border-left: 4px solid var(--soft); background: var(--panel); padding: .6rem .9rem;
          border-radius: 0 6px 6px 0; max-width: 46rem; }
        .badge.good { border-color: var(--good); background: var(--good-ground); }
        .badge.bad { border-color: var(--bad); background: var(--bad-ground); }
        .badge.good strong { color: var(--good); } .badge.bad strong { color: var(--bad); }
        .warnings { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.2rem; margin-top: 1.6rem; }
        .warnings ul { margin: 0; padding-left: 1.2rem; }
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
        .keys { margin: .3rem 0 0; font-size: .8125rem; color: var(--soft); }
        .key { white-space: nowrap; margin-right: .7rem; }
        .key svg { width: 18px; height: 8px; margin-right: .3rem; }
        svg .phase { font-size: 10.5px; font-weight: 600; }
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
        .examples { list-style: none; margin: 0; padding: 0; display: grid; gap: 1.1rem;
          grid-template-columns: repeat(auto-fill, minmax(min(16rem, 100%), 1fr)); }
        .examples li { break-inside: avoid; font-size: .875rem; }
        .examples p { margin: 0; } .examples em { font-style: normal; font-weight: 600; }
        .seen { display: flex; gap: 2px; height: 9rem; margin-bottom: .3rem; }
        .seen > * { flex: 1 1 0; min-width: 0; width: auto; height: 100%; object-fit: contain;
          object-position: left top; aspect-ratio: auto; }
        .fact-groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1.6rem 3rem; }
        .facts { margin: 0; font-size: .9rem; }
        .facts div { display: grid; grid-template-columns: 9rem 1fr; gap: .8rem; padding: .25rem 0;
          border-top: 1px solid var(--line); }
        .facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
        @media (max-width: 44rem) { .pair { grid-template-columns: minmax(0, 1fr); } }
        @media print {
          .matrix, .warnings, .badge, .fact-groups > div { break-inside: avoid; }
          .examples { grid-template-columns: repeat(4, 1fr); } .fact-groups { grid-template-columns: 1fr 1fr; }
          details { display: none; }
        }
        """
}

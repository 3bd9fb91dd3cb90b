/// Style sheet of all pages. Colours have a contrast of 4.5:1 and differ for the colour-blind.
enum PageStyle {
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
        h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
        h3 { font-size: .95rem; margin: 0 0 .4rem; }
        section { margin-top: 2.6rem; }
        p { margin: 0 0 .6rem; }
        .note, footer { color: var(--soft); font-size: .875rem; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .8rem;
          margin: 1.3rem 0 .6rem; }
        .tiles div { background: var(--panel); border-radius: 8px; padding: .8rem 1rem; }
        .tiles dt { color: var(--soft); font-size: .875rem; }
        .tiles dd { margin: 0; font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .tiles dd.range { font-size: .8125rem; font-weight: 400; color: var(--soft); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .42rem .9rem .42rem 0; vertical-align: middle; }
        thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); }
        tbody th { font-weight: 600; max-width: 18rem; overflow-wrap: break-word; }
        tbody tr + tr > * { border-top: 1px solid var(--line); }
        th.num, td.num { text-align: right; white-space: nowrap; }
        td small { color: var(--soft); font-size: .8125rem; }
        .charts { display: grid; gap: 1.4rem;
          grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); }
        figure { margin: 0; break-inside: avoid; }
        figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .3rem; }
        .chart > svg { width: 100%; height: auto; display: block; }
        svg text { font-size: 11px; fill: var(--soft); font-family: inherit; }
        svg .label { font-size: 11.5px; }
        .grid { stroke: var(--line); stroke-width: 1; }
        details summary { cursor: pointer; color: var(--accent); }
        img, .no-picture { width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 6px;
          background: var(--panel); display: block; margin-bottom: .4rem; }
        .no-picture { display: grid; place-items: center; color: var(--soft); }
        .path { color: var(--soft); font-size: .75rem; overflow-wrap: anywhere; }
        @media (max-width: 44rem) { main { padding: 1.5rem 1rem; } }
        @media print {
          html { font-size: 11.5px; }
          body { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { max-width: none; padding: 0; }
          section { margin-top: 1.8rem; } h2 { break-after: avoid; }
          .note + .scroll { break-before: avoid; }
          tr, .tiles div { break-inside: avoid; }
          .tiles { grid-template-columns: repeat(5, 1fr); } .charts { grid-template-columns: repeat(3, 1fr); }
          .scroll { overflow: visible; }
        }
        """
}

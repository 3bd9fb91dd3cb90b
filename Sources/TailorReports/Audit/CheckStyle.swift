/// Style sheet of an audit's page, after `PageStyle`.
enum CheckStyle {
    static let sheet = """

        :root {
          --error: #b3261e; --error-ground: #fdeceb; --warning: #855000; --warning-ground: #fdf3dd;
          --advice: #1f5fa8; --advice-ground: #e9f1fb;
        }
        @media screen and (prefers-color-scheme: dark) { :root {
          --error: #ff9c93; --error-ground: #3d1f1d; --warning: #efc06a; --warning-ground: #35290f;
          --advice: #7db3ec; --advice-ground: #182a3e;
        } }
        .lead { color: var(--soft); max-width: 46rem; }
        h1 strong.good { color: var(--good); }
        h1 strong.error, dd.error { color: var(--error); } h1 strong.warning, dd.warning { color: var(--warning); }
        dd.advice { color: var(--advice); } dd.none { color: var(--soft); font-weight: 400; }
        code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .85em; }
        a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
        a:hover { text-decoration-color: currentColor; }
        .severity { display: inline-block; min-width: 4.6rem; padding: .12rem .55rem; border-radius: 99px;
          font-size: .75rem; font-weight: 650; text-align: center; }
        .severity.error { color: var(--error); background: var(--error-ground); }
        .severity.warning { color: var(--warning); background: var(--warning-ground); }
        .severity.advice { color: var(--advice); background: var(--advice-ground); }
        .classes td.share { min-width: 9.5rem; padding-right: 1.6rem; white-space: nowrap; }
        .classes thead th:nth-child(odd):not(:first-child) { font-weight: 400; }
        .classes tbody th { min-width: 7rem; }
        .classes td.zero { color: var(--error); font-weight: 600; }
        .classes tfoot > tr > * { border-top: 1px solid var(--line); color: var(--soft); font-weight: 500; }
        .bar { display: inline-block; width: 5.5rem; height: .5rem; margin-right: .55rem; border-radius: 2px;
          background: var(--panel); vertical-align: .06em; }
        .bar i { display: block; height: 100%; border-radius: 2px; background: rgb(var(--accent-rgb) / .75); }
        nav { margin-top: 2.6rem; }
        .contents { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
        .contents li { display: grid; grid-template-columns: auto 1fr; gap: .9rem; align-items: baseline;
          padding: .5rem 0; border-bottom: 1px solid var(--line); }
        .finding { border-top: 3px solid var(--line); padding-top: 1.1rem; scroll-margin-top: .5rem; }
        .finding.error { border-color: var(--error); } .finding.warning { border-color: var(--warning); }
        .finding.advice { border-color: var(--advice); }
        .finding h2 { font-size: 1.3rem; line-height: 1.35; max-width: 46rem; }
        .kind { display: flex; gap: .8rem; align-items: baseline; color: var(--soft); }
        .why, .remedy { max-width: 46rem; }
        .remedy { background: var(--panel); border-radius: 8px; padding: .65rem .9rem; }
        .remedy strong { margin-right: .35rem; }
        .items { list-style: none; margin: 1.1rem 0 0; padding: 0; display: grid; gap: .9rem;
          grid-template-columns: repeat(auto-fill, minmax(min(9.4rem, 44%), 1fr)); }
        .items > li { border: 1px solid var(--line); border-radius: 10px; padding: .75rem; break-inside: avoid; }
        .items > .n2 { grid-column: span 2; } .items > .n3 { grid-column: span 3; }
        .items > .n4 { grid-column: span 4; } .items > .n-many { grid-column: 1 / -1; }
        .pictures { display: grid; gap: .7rem; }
        .n2 .pictures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
        .n3 .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
        .n4 .pictures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
        .n-many .pictures { grid-template-columns: repeat(auto-fill, minmax(min(7rem, 44%), 1fr)); }
        .items img { object-fit: contain; }
        .items figcaption { font-weight: 400; font-size: .75rem; line-height: 1.4; margin: 0; }
        .items figure { position: relative; }
        .items .out img, .items .out .no-picture { opacity: .45; }
        .items .out .mark { position: absolute; top: .35rem; left: .35rem; z-index: 1; margin: 0;
          background: var(--ground); }
        .item-note { color: var(--ink); font-size: .8125rem; margin: 0 0 .5rem; max-width: 36rem; }
        .mark { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 .3rem;
          color: var(--error); font-size: .6875rem; font-weight: 600; white-space: nowrap; margin-right: .4rem; }
        .paths { margin: .8rem 0 0; padding-left: 1.2rem; font-size: .875rem; }
        .paths li { padding: .1rem 0; } .paths .item-note { margin-left: .5rem; color: var(--soft); }
        .paths .path { font-size: .8125rem; color: var(--ink); }
        .paths .mark { margin: 0; }
        details { margin-top: .8rem; font-size: .875rem; } li > details { margin-top: .6rem; }
        .notes ul { margin: 0; padding-left: 1.2rem; max-width: 46rem; }
        .chart { display: flex; flex-direction: column; } .chart > svg { margin-top: auto; }
        .chart .note { margin-bottom: .5rem; }
        .bars rect { fill: rgb(var(--accent-rgb) / .75); } .bars rect:hover { fill: var(--accent); }
        svg .strip { font-size: 11.5px; font-weight: 600; fill: var(--ink); }
        table.sheet { border-collapse: separate; border-spacing: 0; table-layout: fixed; width: 100%; }
        .sheet tbody tr > * { border: 0; padding: .2rem .4rem .2rem 0; }
        .sheet tbody th { width: 7rem; padding-right: 1rem; font-size: .8125rem; overflow-wrap: anywhere; }
        .sheet img { margin: 0; }
        @media (max-width: 44rem) {
          .items > .n3, .items > .n4 { grid-column: 1 / -1; }
          .n4 .pictures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
        }
        @media print {
          .finding { break-before: auto; } .kind, .finding h2, .why { break-after: avoid; }
          .contents li, .sheet tr { break-inside: avoid; } .items > li { padding: .5rem; }
        }
        """
}

/// Style sheet of the review page, after `PageStyle`: the image as large as the window allows, all decisions in reach.
enum ReviewStyle {
    static let sheet = """

        :root { color-scheme: light dark; --button: #ffffff; --edge: #8a94a3; --on-accent: #ffffff;
          --relabel: #1f5fa8; --exclude: #a32020; }
        @media screen and (prefers-color-scheme: dark) { :root { --button: #232b35; --edge: #6d7888;
          --on-accent: #10151b; --relabel: #7db3ec; --exclude: #f2918c; } }
        [hidden] { display: none !important; }
        html, body { height: 100%; }
        body { display: grid; grid-template-rows: auto minmax(0, 1fr) auto auto; min-height: 100%; }
        .hidden { position: absolute; margin: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .top { border-bottom: 1px solid var(--line); padding: .7rem 1.2rem .5rem; }
        .line { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: center; }
        .top h1 { font-size: 1.05rem; font-weight: 650; margin: 0; overflow-wrap: anywhere; }
        .count { margin: 0; color: var(--soft); font-variant-numeric: tabular-nums; flex: 1 1 auto; }
        .tools { display: flex; gap: .5rem; }
        progress { appearance: none; display: block; width: 100%; height: 6px; margin: .55rem 0 .5rem; border: 0;
          border-radius: 3px; background: var(--panel); overflow: hidden; }
        progress::-webkit-progress-bar { background: var(--panel); }
        progress::-webkit-progress-value { background: var(--accent); }
        progress::-moz-progress-bar { background: var(--accent); }
        .filters { font-size: .875rem; color: var(--soft); }
        .filters nav { margin: 0 0 0 auto; }
        select, input[type="text"] { font: inherit; color: var(--ink); background: var(--button);
          border: 1px solid var(--edge); border-radius: 6px; padding: .25rem .45rem; max-width: 14rem; }
        button { font: inherit; color: var(--ink); background: var(--button); border: 1px solid var(--edge);
          border-radius: 8px; padding: .45rem .8rem; cursor: pointer; min-height: 2.5rem;
          overflow-wrap: anywhere; }
        button:hover:not(:disabled) { border-color: var(--accent); }
        button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
        button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent);
          font-weight: 600; }
        button[aria-pressed="true"] { outline: 2px solid var(--accent); outline-offset: -2px; font-weight: 650; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        main:focus { outline: none; }
        kbd { display: inline-block; min-width: 1.35em; padding: 0 .3em; border: 1px solid currentColor;
          border-radius: 4px; font: 600 .8em/1.45 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
          text-align: center; }
        .banner { margin: .5rem 0 0; padding: .5rem .8rem; border-radius: 8px; background: var(--bad-ground);
          color: var(--bad); font-weight: 600; }
        main { max-width: none; width: 100%; margin: 0; padding: .9rem 1.2rem; min-height: 0; overflow: auto; }
        .empty { color: var(--soft); text-align: center; padding: 4rem 1rem; font-size: 1.1rem; }
        article { display: grid; gap: 0 1.6rem; height: 100%; grid-template: "figure ask" auto
          "figure facts" minmax(0, 1fr) / minmax(0, 1fr) 23rem; max-width: 90rem; margin: 0 auto; }
        #ask { grid-area: ask; }
        #figure { grid-area: figure; position: relative; min-height: 12rem; height: 100%; display: grid;
          place-items: center; background: var(--panel); border-radius: 12px; overflow: hidden; }
        #figure img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain;
          aspect-ratio: auto; border-radius: 0; margin: 0; background: none; }
        #figure figcaption { position: absolute; left: 0; right: 0; bottom: 0; margin: 0; padding: .3rem .7rem;
          font-size: .9rem; line-height: 1.4rem; background: var(--panel); color: var(--ink); }
        #figure:has(#heat-caption:not([hidden])) img { height: calc(100% - 2rem); }
        #figure .no-picture { aspect-ratio: auto; margin: 0; width: auto; background: none; }
        #facts { grid-area: facts; margin: 0; overflow-y: auto; min-height: 0; padding-right: .3rem; }
        .place { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; color: var(--soft);
          font-variant-numeric: tabular-nums; font-size: .875rem; }
        .kind { display: inline-block; padding: .1rem .6rem; border-radius: 99px; background: var(--panel);
          color: var(--ink); font-weight: 600; margin-right: .3rem; }
        .labels { font-size: 1.25rem; overflow-wrap: anywhere; }
        .labels > span:first-child { color: var(--soft); font-size: 1rem; }
        .decision { font-weight: 650; color: var(--good); } .decision.relabel { color: var(--relabel); }
        .decision.exclude { color: var(--exclude); } .decision.unsure { color: var(--soft); }
        #reasons { margin: 0 0 .8rem; padding-left: 1.3rem; overflow-wrap: anywhere; }
        #bars { display: grid; grid-template-columns: minmax(4rem, auto) 1fr; gap: .2rem .8rem; margin: 0 0 1rem;
          font-size: .9rem; font-variant-numeric: tabular-nums; }
        #bars dt { overflow-wrap: anywhere; } #bars dd { margin: 0; white-space: nowrap; }
        .bar { display: inline-block; width: calc(100% - 4rem); height: .55rem; margin-right: .6rem;
          border-radius: 3px; background: var(--panel); overflow: hidden; }
        .bar i { display: block; height: 100%; background: var(--accent); }
        #facts h2 { font-size: .95rem; }
        #neighbours { list-style: none; margin: 0 0 .8rem; padding: 0; display: grid; gap: .6rem;
          grid-template-columns: repeat(auto-fill, minmax(5.4rem, 1fr)); }
        #neighbours li { font-size: .8125rem; line-height: 1.3; overflow-wrap: anywhere; }
        #neighbours img, #neighbours .no-picture { object-fit: contain; margin: 0 0 .2rem; }
        #neighbours .other span { font-weight: 650; color: var(--relabel); }
        #neighbours small { display: block; color: var(--soft); }
        .actions { margin: 0; border-top: 1px solid var(--line); padding: .6rem 1.2rem; background: var(--ground);
          display: flex; flex-wrap: wrap; gap: .5rem 2rem; justify-content: space-between; }
        .row { display: flex; flex-wrap: wrap; gap: .5rem; }
        .row.classes { order: 3; flex: 1 1 100%; max-height: 5.8rem; overflow-y: auto; padding: 3px 0; }
        .verdicts button { min-width: 8rem; font-weight: 600; }
        #accept, .offered { border-color: var(--accent); }
        .classes .present { border-style: dashed; }
        footer { margin: 0; padding: .4rem 1.2rem .6rem; font-size: .8125rem; display: flex; gap: 1.5rem; }
        footer p { margin: 0 0 0 auto; } footer details { margin: 0; max-width: 46rem; }
        dialog { width: min(36rem, calc(100vw - 2rem)); border: 1px solid var(--line); border-radius: 12px;
          padding: 1.3rem 1.5rem; background: var(--ground); color: var(--ink); max-height: 86vh; }
        dialog::backdrop { background: rgb(0 0 0 / .45); }
        dialog form { margin-top: 1rem; }
        dialog label { display: flex; gap: .8rem; align-items: center; }
        dialog label input { flex: 1 1 auto; min-width: 0; max-width: none; }
        .keys { display: grid; grid-template-columns: auto 1fr; gap: .45rem 1rem; margin: 0 0 1rem; }
        .keys dd { margin: 0; }
        #class-list { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .8rem; max-height: 40vh;
          overflow: auto; padding: 3px; }
        #changes { max-height: 34vh; overflow: auto; margin-top: .9rem; font-size: .875rem; }
        #changes ul { margin: 0; padding-left: 1.1rem; } #changes li { overflow-wrap: anywhere; }
        """

    /// For phones: one column, the page scrolls, the decisions stay at the lower edge.
    static let narrow = """

        @media (max-width: 46rem) {
          html, body { height: auto; }
          body { display: block; }
          .top { padding: .5rem .8rem; }
          .top .line { gap: .3rem .8rem; }
          .top h1 { flex: 1 1 6rem; } .count { order: 1; flex: 1 1 100%; font-size: .875rem; }
          .tools { gap: .35rem; } .tools button { padding: .3rem .6rem; }
          progress { margin: .3rem 0 .4rem; }
          .filters { flex-wrap: nowrap; } .filters nav { margin: 0; }
          .filters label { flex: 1 1 0; min-width: 0; font-size: .8125rem; }
          .filters select { width: 100%; }
          main { padding: .5rem .8rem .8rem; overflow: visible; }
          article { display: block; height: auto; }
          .place, .labels { margin-bottom: .3rem; }
          #figure { height: min(38vh, 100vw); min-height: 0; margin-bottom: .8rem; }
          #neighbours { grid-template-columns: repeat(5, 1fr); gap: .4rem; }
          .actions { position: sticky; bottom: 0; padding: .45rem .6rem; z-index: 1; gap: .35rem;
            box-shadow: 0 -6px 14px rgb(0 0 0 / .12); }
          .row { gap: .35rem; flex: 1 1 100%; }
          .row button { flex: 1 1 auto; min-width: 0; min-height: 2.6rem; padding: .25rem .5rem; }
          .verdicts { display: grid; grid-template-columns: 1fr 1fr; }
          .row.classes { order: 0; flex-wrap: nowrap; overflow: auto hidden; padding: 3px; }
          .row.classes button { flex: 1 0 auto; }
          footer { display: block; } footer p { margin-top: .4rem; }
        }
        @media (pointer: coarse) { .actions kbd, .tools kbd { display: none; } }
        """
}

extension ReviewPage {
    /// What stands on the page before its program fills it in.
    static let skeleton: HTML = """
        <noscript><p class="banner">This page needs JavaScript: it is a small program that works without a \
        network.</p></noscript>
        <header class="top">
        <div class="line">
        <h1 id="title"></h1>
        <p id="progress-text" class="count"></p>
        <div class="tools">
        <button type="button" id="load" title="Go on from an earlier decisions.csv">Load…</button>
        <input type="file" id="file" accept=".csv,text/csv" hidden="hidden" aria-label="decisions.csv"/>
        <button type="button" id="help" aria-keyshortcuts="?">Help <kbd>?</kbd></button>
        <button type="button" id="export" class="primary" aria-keyshortcuts="e">Export <kbd>e</kbd></button>
        </div></div>
        <progress id="progress" max="1" value="0" aria-label="Decided"></progress>
        <div class="line filters" role="search" aria-label="Filters">
        <label>Show <select id="filter-state"><option value="all">all</option>\
        <option value="open">undecided</option><option value="decided">decided</option>\
        <option value="changed">changed</option></select></label>
        <label>Kind <select id="filter-kind"></select></label>
        <label>Class <select id="filter-class"></select></label>
        <nav id="pages" aria-label="Pages"></nav>
        </div>
        <p id="banner" class="banner" role="alert" hidden="hidden"></p>
        </header>
        <main id="main" tabindex="-1">
        <p id="empty" class="empty" hidden="hidden"></p>
        <article id="item" aria-label="Image">
        <div id="ask">
        <p class="place"><span id="position"></span> <span id="kinds"></span></p>
        <p class="labels"><span>labelled</span> <strong id="label"></strong> <span id="decision"></span></p>
        </div>
        <figure id="figure"><img id="picture" alt=""/><img id="heat" alt="" hidden="hidden"/>\
        <div id="no-picture" class="no-picture" hidden="hidden">cannot be shown</div>\
        <figcaption id="heat-caption" hidden="hidden"></figcaption></figure>
        <section id="facts" aria-label="What is asked">
        <ul id="reasons"></ul>
        <dl id="bars"></dl>
        <h2 id="neighbour-title" hidden="hidden"></h2>
        <ul id="neighbours"></ul>
        <p class="path"><span id="path"></span></p>
        </section>
        </article>
        </main>
        <section class="actions" aria-label="Decisions">
        <div class="row verdicts">
        <button type="button" id="keep" aria-keyshortcuts="k"><kbd>k</kbd> Keep</button>
        <button type="button" id="accept" aria-keyshortcuts="a"><kbd>a</kbd> <span id="accept-text"></span></button>
        <button type="button" id="exclude" aria-keyshortcuts="x"><kbd>x</kbd> Exclude</button>
        <button type="button" id="unsure" aria-keyshortcuts="s"><kbd>s</kbd> Not sure</button>
        </div>
        <div class="row classes" id="classes" role="group" aria-label="Relabel"></div>
        <div class="row steps">
        <button type="button" id="previous" aria-keyshortcuts="p"><kbd>p</kbd> Previous</button>
        <button type="button" id="next" aria-keyshortcuts="n"><kbd>n</kbd> Next</button>
        <button type="button" id="undo" aria-keyshortcuts="u"><kbd>u</kbd> Undo</button>
        <button type="button" id="heat-button" aria-keyshortcuts="h" hidden="hidden"><kbd>h</kbd> Heat map</button>
        </div></section>
        <p id="said" class="hidden" role="status"></p>
        <dialog id="help-dialog" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
        <dl class="keys">
        <dt><kbd>k</kbd></dt><dd>keep: the label is right</dd>
        <dt><kbd>a</kbd></dt><dd>accept what is suggested</dd>
        <dt><kbd>1</kbd>…<kbd>9</kbd> <kbd>0</kbd></dt><dd>relabel, as the buttons are numbered</dd>
        <dt><kbd>c</kbd></dt><dd>relabel: find a class by typing</dd>
        <dt><kbd>x</kbd></dt><dd>exclude: training leaves the image out</dd>
        <dt><kbd>s</kbd></dt><dd>not sure: recorded, nothing changes</dd>
        <dt><kbd>n</kbd> <kbd>→</kbd></dt><dd>next, without deciding</dd>
        <dt><kbd>p</kbd> <kbd>←</kbd></dt><dd>previous</dd>
        <dt><kbd>u</kbd></dt><dd>undo the last decision</dd>
        <dt><kbd>h</kbd></dt><dd>heat map, where there is one</dd>
        <dt><kbd>e</kbd></dt><dd>export decisions.csv</dd>
        <dt><kbd>?</kbd></dt><dd>these keys</dd>
        </dl>
        <p>Every decision leads on to the next open image and is kept in this browser. Files are never changed: \
        <code>tailor train --decisions</code> and <code>tailor check --apply</code> take what you export.</p>
        <form method="dialog"><button>Close</button></form></dialog>
        <dialog id="class-dialog" aria-labelledby="class-title"><h2 id="class-title">Relabel</h2>
        <label>Class <input id="class-search" type="text" autocomplete="off" spellcheck="false"/></label>
        <div id="class-list"></div>
        <form method="dialog"><button>Cancel</button></form></dialog>
        <dialog id="export-dialog" aria-labelledby="export-title"><h2 id="export-title">Export</h2>
        <p id="export-summary"></p>
        <label>Reviewer <input id="reviewer" type="text" autocomplete="name"/></label>
        <div id="changes" class="scroll" tabindex="0" role="region" aria-label="Changes"></div>
        <form method="dialog" class="line"><button type="button" id="download" class="primary">Download \
        decisions.csv</button><button>Cancel</button></form></dialog>
        """
}

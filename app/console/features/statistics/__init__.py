"""Numbers without names: what a desk can tell of its work. Pure but for its page.

    statistics_feature  what statistics register with the console
    counting            cases as bare facts become tables of counts; no text gets this far
    rounding            what leaves the console: small groups unnamed, the rest rounded
    chart_shapes        a table as shapes: bars that stand, bars that lie, a line
    chart_pictures      shapes as SVG or PNG
    sheet               tables as CSV
    statistics_pages    plots with their tables, and what of them can be saved
    templates/          the page, and a plot as a picture
    static/             their style
    storage/            cases as bare facts, read from the vault
    chart_lettering     letters of a chart, in any script that this machine has a font for

No text of anybody's gets as far as a table of counts.
"""

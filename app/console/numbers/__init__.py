"""Numbers without names: what a desk can tell of its work. Pure: no files, no clock.

    counting    cases as bare facts become tables of counts; no text of anybody's gets this far
    rounding    what leaves the console: small groups unnamed, the rest rounded
    drawing     a table as shapes: bars that stand, bars that lie, a line
    pictures    shapes as SVG or PNG
    sheet       tables as CSV

Facts come from `app.console.vault.facts`; the page is `app.console.pages.numbers`.
"""

"""Links: what cases have in common, found on each console in what it can read, and told.

    links_feature  what links register with the console
    linking        what links a case to others, and what is new of that
    linked_cases   with which others each of many cases is linked
    link_news      what is new, by what links
    unlinking      what people say of links, and all of it taken back
    ignore_list    what links nobody: what stands in the information pack
    link_pages     what is new, the walk from case to case, judging a link
    link_section   the section of a case's page, and what its history says
    link_views     what was found, in words
    link_walk      the link chart: what is shared in one column, the cases in the other
    storage/       what was found, kept in the vault
    templates/     the pages and the section
    static/        their style, and the arrow keys of the chart

What of a text can link is found by ``app.console.occurrences``; what a desk says of links is merged
as all that it says is (``app.console.rules.linked``).
"""

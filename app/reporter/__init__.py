"""The reporter's site: rendered to static files ahead of time, the same bytes for everyone.

    build            render_site, the one way in: content in, every file's bytes out
    pages/           templates and styles of the site
    content/         questions, texts and translations that an agency may change
    client/          what runs in the reporter's browser (JavaScript; its README has its map)
    content          site.toml, questions.toml and a language's words, read
    questions        a question, its answers, and on which earlier answers it hangs
    tables           a TOML table that names itself in every complaint
    form             the intake as data, for clients that are no browser
    infopack         the information pack: countries in a language, or in English
    entries          an entry of it: read from Markdown, tied to its text, checked by a signature
    countries        whose emergency number is shown: the line's own countries, and others to choose
    desk_words       what is said of a desk before it is chosen
    listening/       recordings of screens: their scripts, their form, a padded bundle a language
    review_kit/      what somebody is given to review a translation, and what each sentence is for
    pictures         the drawings on questions' cards
    phrases          the sentences that the page's script says
    trouble_phrases  those of what went wrong
    catalogue        gettext catalogues, read from their .po files
    languages        adds a language; brings catalogues to the English texts
    beginning        a content folder of an agency's own, as it begins
    colours          an agency's colours, refused where they could not be read
    errors           what can go wrong when the site is rendered

Nothing here signs, writes to disk or listens; the agency signs and writes what is returned, the
server hands it out. This package never sees a report.
"""

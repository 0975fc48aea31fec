"""What somebody is given to review a translation, and what comes back from them.

    purposes.toml        what each sentence is for, and what hangs on it
    sentence_purposes    it is read, and finds a sentence's purpose and risk
    reviewed_sentences   every sentence of a language beside the English, with its hash
    screen_views         each screen as it looks, to be put into another page
    console_reviews      what was reviewed of the console, as the signed site tells it
    kit_page             make_kit: one HTML file that opens without a network

The page's own template, style and script lie beside them (``kit.html``, ``kit.css``, ``kit.js``).
What was reviewed is signed and kept by the agency (``app.agency``); nothing here writes or signs.
"""

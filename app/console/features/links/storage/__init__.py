"""What was found in texts, kept in the vault: the only part of links that knows its database.

    occurrence_tables  the tables
    link_triggers      what keeps them true, whoever writes or deletes a text
    link_index         fills them, as texts are written
    link_texts         the texts that links are looked for in
    shared_values      which of many cases share what, in a few questions
    links              which cases have what in common, and what was said of it

What desks say of links is merged with all that they say, and kept by ``app.console.vault``.
"""

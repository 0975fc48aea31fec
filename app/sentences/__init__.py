"""Sentences that know their English and can be said in another language.

    translatable        words in English that carry what is needed to say them otherwise
    values              what stands in them: dates, amounts, lists, names of languages
    stored_sentences    sentences as they are stored, to be said later in whoever's language
    language            one language: its catalogue, numbers and dates, which way it runs
    side_by_side        a language with English beside it, for what is handed out
    po_files            gettext catalogues, read from their .po files
    message_catalogues  brings the console's catalogues to the English texts
    toml_messages       finds the messages of content files

A sentence is an ordinary ``str``, in English: a terminal prints it, a test compares it. A page in
another language asks for it: ``language.say(sentence)``. What is made of one by string methods or
by an f-string is English alone; so a sentence is put together from others by ``{names}`` only.
"""

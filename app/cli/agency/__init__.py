"""``quietline agency``: the offline machine, by its commands.

    agency_commands    joins them; the ceremonies, at a prompt
    information_pack   ``pack``: the information pack is kept true, entry by entry
    review             ``review``: a page for whoever reviews, taking in what comes back
    console_review     ``review … --console``: pages and records of a review
    console_sentences  what the console says in a language, and what it is for
    listen             ``listen``: what is to be read out, taking recordings in
    posters            ``posters``: cards, posters and screens that tell of the line

What a ceremony does is in ``app.agency``: here it is asked and shown.
"""

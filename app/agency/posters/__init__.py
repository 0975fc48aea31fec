"""Cards, posters and screens that tell of a line.

    made = write_posters(folder, out, today=day)

In it:

    kit         all of them in one folder, whole, with a sheet for the agency
    poster_words  what they say in a language, and how far that was reviewed
    printed_addresses  the line's addresses, as letters and as QR codes
    sheets      what each kind looks like, as HTML
    typefaces   which typefaces a language needs, and whether this computer has them
    drawing     HTML made into PDF and PNG, which tell nothing of this computer

Nothing here opens a network connection: the code has the address and nothing else.
"""

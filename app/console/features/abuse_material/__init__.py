"""Child abuse material: what to do, and what must never be exported.

    abuse_material_feature  what it registers with the console
    marking                 marks put on and taken off, to be undone
    marking_pages           the page of what to do, and the forms
    marking_section         the section of a case's page, and what its history says
    list_files              reads a file of hashes, whichever form it has
    text_lists              one hash a line, or columns that have names
    media_lists             JSON of Project VIC
    gathered_hashes         what is read of them, and the file
    hash_matching           puts lists in, compares files with them, marks what is in one
    templates/              the page and the section
    static/                 how its lists look

That marked cases and files stay is held where copies are made
(``app.console.vault.custody.export_marks``), and that what is in a list is not opened where files
are decrypted (``decrypted_files``): so also without this feature.
"""

"""Child abuse material: what to do, and what must never be exported.

    abuse_material_feature  what it registers with the console
    marking                       marks put on and taken off, to be undone
    marking_pages                 the page of what to do, and the forms
    marking_section               the section of a case's page, and what its history says
    templates/                    the page and the section
    static/                       how its lists look

That marked cases and files stay is held where copies are made (`app.console.vault.export_marks`),
and so also without this feature.
"""

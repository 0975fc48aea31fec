"""Cases that go to another agency's line, and cases that come from one (spec: transfer).

    transfer_feature   what transfers register with the console
    invitations        the keys that this console made for one case each, and their end
    scope              how far a reporter allowed it: which message says yes, which parts may go
    handing_over       what may go, as a signed copy, sealed to an invitation
    taking_in          who sent a file, before anything is believed; then the case, all or nothing
    filling            what comes with a case, put into the vault
    tray               what waits between two pages while words are compared
    incoming_transfer  pages: invitations for others' cases, taking one in
    outgoing_transfer  pages: their invitation, what goes, sealing it
    transfer_section   the section of a case's page, and what its history says
    transfer_views     what may go, what was chosen of it, what would be seen
    templates/         the pages and the section
    storage/           invitations of this console, kept in the vault

A case that came cannot answer its reporter: they believe only their own line's investigators.
"""

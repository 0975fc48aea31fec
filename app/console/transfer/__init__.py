"""Cases that go to another agency's line, and cases that come from one (spec: transfer).

    invitations   the keys that this console made for one case each, and their end
    scope         how far a reporter allowed it: which message says yes, which parts may go
    handing_over  what may go, as a signed copy, sealed to an invitation
    taking_in     who sent a file, before anything is believed; then the case, whole or not at all
    filling       what comes with a case, put into the vault
    tray          what waits between two pages while words are compared
    origin        whether a case came from another line, and what it said of itself

A case that came cannot answer its reporter: they believe only their own line's investigators.
"""

"""Cases, and everything that is done to them, here or by colleagues.

In it:

    casework     what is done to a case, here or by colleagues: the one way in
    undo         taking back what was just done
    retention    cases scheduled for destruction, destroyed on the day that was set
    linking      what links cases: told, dismissed, ignored
    unlinking    what people say of links, and all of it taken back
    stale_vault  whether this vault is an old copy of itself
"""

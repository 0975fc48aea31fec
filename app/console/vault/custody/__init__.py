"""What was done to a case, provably, and what of it never leaves the console.

In it:

    audit_log     everything that was done to a case: the hook through which all of it goes
    chain         the hash chain over it, which makes it a custody log
    export_marks  which cases and files never leave the console
"""

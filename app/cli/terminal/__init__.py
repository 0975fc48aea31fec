"""What commands share at a terminal.

In it:

    asking           passphrases without arguments, errors as a sentence, exit codes
    progress_bar     how far something is, as a bar
    json_option      the option ``--json``
    doctor_findings  what the doctor of a server found, as ``server doctor`` and set-up say it

``server`` imports the last two alone: it never asks for a passphrase.
"""

"""``quietline console``: an investigator's machine, by its commands.

    console_commands  joins them, and makes a machine's keys
    options           what commands of a console take alike, and how they fail
    opened_vault      a vault as the commands of features open it
    start             ``quietline console`` alone: this user's case store, in a private window
    second_start      a console that is started again finds the one that runs
    run               a case store is opened, and shown in the browser until Ctrl-C
    serving           how a console is served on loopback
    locking           a console that locks becomes another process
    alarm             the commands of ``--on-danger`` and ``--on-deaf``, looked at
    sync              one sync at a terminal
    first_sync        a vault's first sync waits for onions that were just made
    backups           ``backup`` and ``restore``
    safety            ``passphrase`` and ``recovery``
    doctor            what opens strangers' files here; own changes that do not open
    evidence          ``export`` and ``verify-export``
    letters           cooperation letters: made, released, checked
    transfers         a case to another line, and from one
    hashlist          lists of hashes of known material: added, shown, removed
    translation       models of languages, as files
    practice          a console with made-up cases

What happens in a console is in ``app.console``: here it is asked, shown, and given an exit code.
"""

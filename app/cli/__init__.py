"""Commands: one Typer app per machine, joined lazily by ``entry``.

    entry                ``quietline``: imports only the commands that are asked for
    asking               what commands share: passphrases, errors as a sentence, exit codes
    progress_bar          how far something is, as a bar on a terminal
    memory               what every command does first: no swap, no dump, no reader of its memory
    setup_guide          set-up by questions, of whichever computer
    agency               ceremonies of the offline machine, at a prompt
    agency_pack          ``agency pack``: the information pack is kept true, entry by entry
    agency_review        ``agency review``: a page for whoever reviews, taking in what comes back
    server               runs the server, keeps its database up to date
    listening            where the server listens, and how it answers there
    server_doctor        how findings of ``server doctor`` are said
    server_upkeep        ``stats`` and ``prune``
    console              an investigator's machine: its commands, and making it
    console_options      what commands of a console take alike, and how they fail
    console_run          a case store is opened, and shown in the browser until Ctrl-C
    console_sync         one sync at a terminal
    console_serving      how a console is served on loopback
    console_locking      a console that locks becomes another process
    console_copies       ``backup`` and ``restore``
    console_doctor       what opens strangers' files here; own changes that do not open
    console_evidence     ``export`` and ``verify-export``
    console_letters      cooperation letters: made, released, checked
    console_practice     a console with made-up cases
    console_safety       ``passphrase`` and ``recovery``
    console_transfer     a case to another line, and from one
    report/              ``quietline report``: a reporter at a terminal
    verify/              ``quietline verify``: does a line serve what its agency signed?
    demo/                ``quietline demo``: everything on one machine, with synthetic reports
    console_vault        a vault as the commands of features open it
    console_alarm        the commands of ``--on-danger`` and ``--on-deaf``, looked at
    console_translation  models of languages, as files
    console_first_sync   a vault's first sync waits for onions that were just made
    healthcheck          does a server answer at its socket? for containers
    console_hashlist     lists of hashes of known material: added, shown, removed
    agency_listen        ``agency listen``: what is to be read out, taking recordings in
    console_start        `quietline console` alone: this user's case store, in a private window
    console_review       ``agency review … --console``: pages and records of a review
    console_sentences    what the console says in a language, and what it is for
    console_second_start  a console that is started again finds the one that runs
    agency_posters       ``agency posters``: cards, posters and screens that tell of the line

Passphrases are asked for or read from a file, never given as arguments.
"""

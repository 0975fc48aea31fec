"""Commands: one Typer app per machine, joined lazily by ``entry``.

    entry          ``quietline``: imports only the commands that are asked for
    terminal/      what commands share: passphrases, errors as a sentence, progress, --json
    locked_memory  what every command does first: no swap, no dump, no reader of its memory
    setup_guide    set-up by questions, of whichever computer
    agency/        ceremonies of the offline machine
    server/        runs the server, keeps its database up to date
    console/       an investigator's machine
    report/        ``quietline report``: a reporter at a terminal
    verify/        ``quietline verify``: does a line serve what its agency signed?
    demo/          ``quietline demo``: everything on one machine, with synthetic reports

Passphrases are asked for or read from a file, never given as arguments.
"""

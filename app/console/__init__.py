"""The investigator's console: installed software on the investigator's own machine.

Read `main` first (it only wires), then `inbox` (one sync), then the rooms:

    setup        makes keys, vault and enrolment request
    running      a running console: vault open or locked, sync in the background
    access guard settings          who may use it, what a request must be, how it is set
    asked        the questions that the agency asks, out of its signed site
    knowledge    the line's directory and bundles, verified
    inbox        sync → open → vault, in the order that loses nothing
    collecting letters outbox attachments      its steps: messages in and kept, answers out, files
    reading      reads files for the search, in the background
    casework     what is done to a case, here or by colleagues: the one way in
    team/        pure: operations, logs, merging; teamwork/ what passes between consoles
    linking      what links cases: told, dismissed, ignored; links/ is what of a text can
    sync/        the only network door
    vault/       everything kept, encrypted
    triage/      pure rules and wordings
    viewer/      previews of hostile files, as pixels from a separate process
    pages/ templates/ static/      what the investigator sees

For programs, without prompts (the demo, tests):

    made = init_vault(folder, line, "Ana", Secret(b"..."), Kdf.INTERACTIVE)  # .request, .words
    vault = Vault.open(folder, Secret(b"..."))
    async with Door(DoorSettings(url), os.urandom, transport=None) as door:
        report = await sync_once(vault, door, settings=SyncSettings(delete_at_once=True))
    add_draft_file(vault, conversation, stream, size, name, type_, os.urandom)   # optional
    queue_reply(vault, conversation, text, desk="support", lang="en", now=..., rng=os.urandom)
    console = Console(folder, ConsoleSettings(port=8100)); console.adopt(vault)
    app = create_app(console); url = console.login_url()

Plain text never touches the disk outside the vault, except where the investigator saves a file.
"""

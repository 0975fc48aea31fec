"""The investigator's console: installed software on the investigator's own machine.

Read `main` first (it only wires), then `inbox` (one sync), then the rooms:

    web_application  wires the web application; holds no rule and no page of its own
    rules/           pure: operations, logs, merging
    desk/            what passes between consoles
    links/           what of a text can link two reports
    search/          how texts become terms, and questions queries
    evidence/        what is handed out of a case
    transfer/        cases to and from another agency's line
    statistics/      what a desk can tell of its work, without names
    practice/        made-up cases for a person who learns
    transport/       the only network door
    vault/           everything kept, encrypted
    rules/           pure rules and wordings
    viewer/          previews of hostile files, as pixels from a separate process
    errors           what can go wrong, as sentences for the investigator
    pages/           what the investigator sees: requests in, HTML out
    templates/       the HTML of those pages
    static/          their styles and scripts
    content/         ready-made answers, letters, exercises
    line/            What this console believes of its line, and what it gives the line of its own
    cases/           Cases, and everything that is done to them, here or by colleagues
    sync/  One sync, from the server to the vault and back, in the order that loses nothing
    web/             What every page of the console stands on: who may ask, what of, how it is shown
    letters/  Cooperation letters: for a reporter who needs to prove that they reported (spec: …
    previews/  Files of a case in front of an investigator: the viewer's pixels, for cases and …

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

"""The investigator's console: installed software on the investigator's own machine.

Read ``web_application`` first (it only wires), then ``sync.engine`` (one sync), then the rooms:

    web_application  wires the web application; holds no rule and no page of its own
    web/             who may use it, what a request must be, the frame of every page
    feature          what a feature registers: pages, sections, places, tables
    features/        statistics, links, letters and others: each could be left out
    pages/           what the investigator sees of cases, of the desk and of the vault
    previews/        files of a case: their pages, and what they say
    evidence/        what is handed out of a case
    sync/            sync → open → vault, in the order that loses nothing
    desk/            what passes between consoles
    cases/           what is done to a case, here or by colleagues: the one way in
    line/            the line's directory and bundles, verified; its questions; own bundles
    vault/           everything kept, encrypted; made, copied, restored
    rules/           pure: what a desk shares and how it is merged, deadlines, wordings
    search/          how texts become terms, and questions queries
    occurrences/     what of a text can link two reports
    viewer/          previews of hostile files, as pixels from a separate process
    errors           what can go wrong, as sentences for the investigator
    templates/       the HTML of the pages
    static/          their styles and scripts
    content/         ready-made answers
    tor/             the console's own Tor: begun with the open vault, ended before the lock

For programs, without prompts (the demo, tests):

    made = init_vault(folder, line, "Ana", Secret(b"..."), Kdf.INTERACTIVE)  # .request, .words
    vault = Vault.open(folder, Secret(b"..."))
    async with LineClient(LineClientSettings(url), os.urandom, transport=None) as client:
        settings = SyncSettings(delete_at_once=True)
        report = await sync_once(vault, client, settings=settings, features=FEATURES)
    add_draft_file(vault, case, stream, size, name, type_, os.urandom)   # optional
    queue_reply(vault, case, text, desk="support", lang="en", now=..., rng=os.urandom)
    console = Console(folder, ConsoleSettings(port=8100)); console.adopt(vault)
    app = create_app(console); url = console.login_url()

Plain text never touches the disk outside the vault, except where the investigator saves a file.
"""

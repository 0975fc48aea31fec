"""One sync, from the server to the vault and back, in the order that loses nothing.

Read ``engine`` first. The calls are ``app.console.transport``; what is believed is
``app.console.line``.

In it:

    engine       sync → open → vault, in the order that loses nothing
    fetch        its steps: chunks of waiting messages fetched
    receive      messages opened and kept
    deliver      answers sent
    fetch_files  files fetched and sent
    outcome      what a sync did
"""

"""One sync, from the server to the vault and back, in the order that loses nothing.

Read ``engine`` first. The calls are ``app.client.line_client``; what is believed is
``app.console.line``.

In it:

    engine       sync → open → vault, in the order that loses nothing
    fetch        the challenge set solved, messages fetched and opened
    receive      messages kept, those that nothing opens too
    draft_files  files of an answer that is being written
    deliver      answers sent
    fetch_files  files fetched and sent
    outcome      what a sync did
"""

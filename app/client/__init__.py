"""The one client of a line, for consoles, reports, verifications, the demo and replicas.

Read ``line_client`` first: every call of the server's interface. In it:

    transport/       the way there: Tor circuits, a browser's headers, bounded answers
    line_errors      what can go wrong at a call, as sentences
    refusals         an answer that is none, and no answer at all, as such an error
    working          work that may take long: while it lasts, a cheaper challenge is looked for
    line_client      every call, through Tor each on a circuit of its own
    retry            what may be sent twice is sent again while the line is busy
    site_files       files of the signed site, each checked against its manifest
    few_readers      whoever writes to a desk of which few can read is asked first
    desk_changes     whoever chose a desk that says something else now reads it again
    parcel           a message on its way with its files: it goes on where it stopped
    reporter_client  a reporter's side without a browser: send, check, read

Nothing is imported here: a server's replicas load ``transport`` alone, which knows nothing of QL1.
"""

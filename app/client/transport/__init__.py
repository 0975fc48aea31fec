"""Bytes to a line and back: what is asked, what is believed and what is kept is others' to know.

In it:

    browsers    how browsers ask: their headers, and those of a client without a browser
    exchange    one exchange with a server that may be hostile: bounded in bytes and time
    circuits    calls through Tor on one circuit, or directly; why no answer came
    unpacking   a Content-Encoding undone within bounds
    unix_socks  Tor's SOCKS port at a Unix socket
"""

"""What an operator gets wrong, found: ``quietline server doctor``.

Every check is a function from what it needs to findings, each a sentence that says what to do, and
to notes on what it could not look at. Nothing here changes anything. ``machine`` is the only way
to the operating system, so that a test can hold another one up.

    examination      all of it, in order
    findings         what a check returns
    machine          files of the system, programs, free space, running servers
    proxies          what stands before the server
    caddy            Caddy's configuration
    nginx            nginx's configuration
    tor              Tor's configuration
    directives       configuration in directives and braces, as Caddy and nginx have it
    file_rights      who can read and change what
    data_places      room, file system, swap, core dumps
    journals         whether what the server says is kept on the disk, with the second
    clock            this machine's time against signed dates and bundles
    line_checks      directory, site, bundles, desks
    databases        the database's state and what it writes down; the store that servers share
    several_servers  whether several servers of a line are one line
    versions         Python, OpenSSL, libsodium, SQLite
    tls              the clearnet address, looked up only where that was asked for
"""

"""The server's set-up. Never here: anything of the protocol's private side.

server_setup  the questions, the steps in their order, what comes next
host          the machine: files below a root, programs that are run
laid_files    units, user, folders, AppArmor's line
tor_onions    torrc, both onions, who is let in at the second
taking_in     the agency's folder: found, checked, put in place
running       settings, start, whether it answers
open_web      Caddy with its certificate

In it:

    host          The server as its set-up sees it: files below a root, and programs that are …
    laid_files    The files that the system has to have: units, user, folders, journal, …
    open_web      The line on the open web: Caddy before the server, with a certificate …
    running       The server's settings, its start, and whether it answers
    server_setup  ``quietline setup server``: the steps from a bare Debian to a line …
    taking_in     The agency's folder: looked for, checked as the server will check it, …
    tor_onions    The server's two onions: torrc, the keys of who is let in at the …
"""

"""The server's set-up. Never here: anything of the protocol's private side.

In it:

    server_setup  the questions, the steps in their order, what comes next
    host          the machine: files below a root, programs that are run
    laid_files    units, user, folders, AppArmor's line
    tor_onions    torrc, both onions, who is let in at the second
    taking_in     the agency's folder: found, checked, put in place
    running       settings, start, whether it answers
    open_web      Caddy with its certificate
"""

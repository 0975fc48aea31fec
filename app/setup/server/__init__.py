"""The server's set-up. Never here: anything of the protocol's private side.

In it:

    server_setup  the questions, the steps in their order, what comes next
    server_host   the machine: files below a root, programs that are run
    laid_files    units, user, folders, AppArmor's line
    tor_onions    torrc, both onions, who is let in at the second
    carried_folder  the agency's folder: found, checked, put in place
    running       settings, start, whether it answers
    open_web      Caddy with its certificate
"""

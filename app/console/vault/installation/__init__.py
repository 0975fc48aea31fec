"""What there is one of: who this computer is, and what was settled for it.

In it:

    owner        who this machine is, its line, the highest directory seen
    line_file    line.json, as the agency gave it
    settings     what there is one of: a class each
    tor_access   what the console's own Tor needs: a key for an onion, bridges
    machine_log  what was done to the vault itself, for its owner to see
"""

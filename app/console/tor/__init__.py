"""The console's own Tor: started when the vault is open, ended before it is closed.

In it:

    own_tor      whether it runs, how far it is, in words; begun anew when it ends by itself
    tor_process  one Tor: what it is told at its start, how it is ended
    tor_control  the few commands that it is given afterwards
    bridges      lines for a network that blocks Tor, read and bounded
"""

"""What everyone reads, made ahead once per epoch: the same bytes for whoever asks.

In it:

    rotation          what everyone reads, made ahead once per epoch
    challenge_set     an epoch's challenge set, made on all cores
    replicas          copying an epoch from the server that leads
    signed_directory  the signed directory, read and checked
    served            what is given to readers: the current and the previous epoch, the site
    signed_site       the signed static site, held in memory
"""

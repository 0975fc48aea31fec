"""Builds the stick: an image from which any PC starts the console, without touching its own disks.

debian     Debian's packages, and what starts a PC, by mmdebstrap; kept for a day
root       the system: Debian, our package, the files of ``system/``, less what it must not have
layers     that system as two compressed files: everything, and the drivers of networks
image      both files, menu and loaders as one image: a stick is written from it, or a later version
"""

"""Files and folders of this machine: written whole, privately, durably; read within bounds.

    writing        files: new ones, replaced ones, and what makes them durable
    whole_folders  folders that are there whole or not at all
    erasing        overwritten before they go, also when a new one takes their place
    bounded_reading  what somebody else made, up to a size; what is read, with its hash
    locks          one process at a time
    mounts         what is mounted, and folders that stay on one disk

Each function says what is true after a crash: of the process at any instant, or of the power. What
a file system promises is what POSIX does: a file's bytes are durable once it was synchronised, a
name once its folder was, and a renaming happens whole or not at all.
"""

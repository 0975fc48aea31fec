"""Looking at a hostile file without being hurt: pixels made by a separate process.

    kinds     which files are shown, and how; pure
    machine   what of this machine stands around that process: bubblewrap, seccomp, converters
    preview   starts the process, bounds it, reads raw pixels or words, makes the PNG itself
    viewing   a bounded queue in front of it, and what was shown lately
    flat      a copy of a file that is nothing but those pixels
    child/    runs in the separate process: takes away its own rights, then decodes

The process gets the file's bytes through standard input and gives back raw pixels and their size,
or text and its length, nothing else: what reaches the console's pages was encoded here, not by
whatever read the file. A file that attacks its decoder costs one preview.
"""

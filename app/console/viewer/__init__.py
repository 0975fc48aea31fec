"""Looking at a hostile file without being hurt: pixels made by a separate process.

    previewable     which files are shown, and how; pure
    host            what of this machine stands around that process: bubblewrap, seccomp, converters
    process         starts that process, feeds it, ends it with all of its own
    preview         what it is asked, its bounds; reads raw pixels or words, makes the PNG itself
    decoders        by what version of which program a file is decoded
    likeness        what a picture looks like, in 16 bytes by which it is found again; pure
    case_turns      whose file is opened next
    sandbox_report  what stands between a hostile file and this machine, in sentences
    viewing         previews in front of their processes, and what was shown lately
    pixel_copy      a copy of a file that is nothing but those pixels
    child/          runs in the separate process: takes away its own rights, then decodes
    language_engine  texts translated, without network or files

The process gets the file's bytes through standard input and gives back raw pixels and their size,
or text and its length, nothing else: what reaches the console's pages was encoded here, not by
whatever read the file. A file that attacks its decoder costs one preview.
"""

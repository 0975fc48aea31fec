"""Copies of a vault, and what a restored one must not do.

In it:

    archive      copies of a vault in one file
    last_backup  when the last one was made, and whether it is time for another
    quarantine   a restored vault: what it must not do before it knows what it missed
"""

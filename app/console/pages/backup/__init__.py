"""A backup, and a move to another computer, as pages: what commands do, with the same rooms.

In it:

    disks          which disks are offered: what is mounted where sticks are, and may be written
    backup_job     one copy at work behind the pages, until it is whole, failed or ended
    copy_failures  what went wrong, in words for who has no terminal
    backup_pages   of an open console: a backup to a disk, or as a download
    move_pages     of a locked one: a move, after which the case store here works no more
"""

"""What a desk's members share about cases, merged without conflicts. Pure: no files, no clock.

    vocabulary  statuses, dispositions, priorities, and how urgent each is
    changes     the changes an operation may carry: made here, read with distrust
    referrals   whom a case's reporter was offered to be sent to, and what became of it
    merge       the state of a case, and how changes become part of it in whatever order they come
    passed      what a snapshot says, kept apart from what its authors signed
    restamping  another clock for what an operation said that had to be written again
    duplicates  which case a duplicate stands for
    log         which operations are accepted: each author's chain, replays, gaps, forks
    linked      what a desk says of links: dismissed ones, what links nobody
    packing     operations in bodies of 15,132 bytes; snapshots in parts

The bytes of an operation are `app.protocol.operation`; what is kept is `app.console.vault.team`;
what is sent and received is `app.console.teamwork`. Spec: docs/spec/team.md.
"""

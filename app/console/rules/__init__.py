"""Pure rules: how what a desk shares is merged, what is so of a case, how it is said.

Time and randomness are arguments; no files, no clock. The bytes of an operation are
``app.protocol.operation``; what is kept is ``app.console.vault.collaboration.team``; what is sent
and received is ``app.console.desk``. Spec: docs/spec/team.md.

In it:

    htcds              what answers are called in the case data standard
    intake_labels      the intake's questions in the investigator's words
    authorities        words that show whom a reporter wrote to
    body               what a decrypted body says, read with distrust
    caution            what to think of before an answer goes
    changes            the changes an operation may carry: made here, read with distrust
    consent            which desks a reporter allows to know of a case
    danger             what is said of danger, and whether somebody has assessed it
    deadlines          by when a case needs something
    duplicates         which case a duplicate stands for
    fetching           which files are fetched without asking, and when again
    never_export       what must not leave the console
    keeping            when a case may be destroyed; holds
    lifecycle          when bundles are made, their keys may be destroyed, a server's copy goes
    linked             what a desk says of links: dismissed ones, what links nothing
    log                which operations are accepted: each author's chain, replays, gaps, forks
    merge              the state of a case, and how changes become part of it in any order
    packing            operations in bodies of 15,132 bytes; snapshots in parts
    passed             what a snapshot says, kept apart from what its authors signed
    referrals          whom a case's reporter was offered to be sent to, and what became of it
    vocabulary         statuses, dispositions, priorities, and how urgent each is
    wording            how dates, sizes, names and states are said to the investigator
    answer_templates   templates of answers, those that come along and own ones
    named_days         days that a text names: "12 March 2026", "2026-03-12", "12 de marzo"
    safety_plan        what a case's safety plan may hold, field by field
    writing_direction  from which side a text is written, and numbers in it that keep theirs
    careful_answers    what a case is answered with after one more message
"""

"""Pure rules: how what a desk shares is merged, what is so of a case, how it is said.

Time and randomness are arguments; no files, no clock. The bytes of an operation are
``app.protocol.operation``; what is kept is ``app.console.vault.collaboration.team``; what is sent
and received is ``app.console.desk``. Spec: docs/spec/team.md.

What a desk shares, and how it is merged:

    changes            the changes an operation may carry: made here, read with distrust
    log                which operations are accepted: each author's chain, replays, gaps, forks
    merge              the state of a case, and how changes become part of it in any order
    passed             what a snapshot says, kept apart from what its authors signed
    packing            operations in bodies of 15,132 bytes; snapshots in parts
    linked             what a desk says of links: dismissed ones, what links nothing
    duplicates         which case a duplicate stands for

What is so of a case, and by when:

    vocabulary         statuses, dispositions, priorities, and how urgent each is
    danger             what is said of danger, and whether somebody has assessed it
    deadlines          by when a case needs something
    safety_plan        what a case's safety plan may hold, field by field
    consent            which desks a reporter allows to know of a case
    referrals          whom a case's reporter was offered to be sent to, and what became of it
    keeping            when a case may be destroyed; holds
    never_export       what must not leave the console

What a message says, and what an answer should not:

    body               what a decrypted body says, read with distrust
    intake_labels      the intake's questions in the investigator's words
    htcds              what answers are called in the case data standard
    careful_answers    what a case is answered with after one more message
    caution            what to think of before an answer goes
    authorities        words that show whom a reporter wrote to
    answer_templates   templates of answers, those that come along and own ones

How it is said:

    wording            how dates, sizes, names and states are said to the investigator
    named_days         days that a text names: "12 March 2026", "2026-03-12", "12 de marzo"
    writing_direction  from which side a text is written, and numbers in it that keep theirs

Keys and files:

    lifecycle          when bundles are made, their keys may be destroyed, a server's copy goes
    fetching           which files are fetched without asking, and when again
"""

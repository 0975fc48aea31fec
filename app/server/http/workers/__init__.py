"""Several processes on one machine: one keeps, the others speak HTTP for it.

All take connections from the same socket. The keeper is a whole server: database, attachments,
epochs, what was spent of work, the budget. Its helpers check what they are sent, and ask it over a
socket pair for everything that has to be kept or counted; so an answer to a challenge is taken
once, whoever is asked, and there is one writer. An epoch is handed to all of them when it turns,
and is never written down.

    channel  questions and answers over a socket pair
    keeper   the keeper's end: it answers its helpers, and counts for all
    helper   the others' end: what routes need, asked of the keeper
    crew     the process that was started: it forks both, and again who dies
"""

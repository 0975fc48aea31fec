"""What happens to messages between the routes and the database.

In it:

    group_commit     group commit: an answer only when it is on disk
    grouped_reads    reading together: one query for all who ask meanwhile
    grouped_deletes  deleting together, so many a second
    growth           more slots in time
    expiry           what expires
    slot_rewriting   slots written again where the database's rows tell an order
"""

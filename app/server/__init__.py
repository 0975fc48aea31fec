"""The blind server: it keeps blobs that it cannot read, link or attribute.

    http/        HTTP in and out: the application, its outermost layer, routes
    responses/   what all answers share: refusals, headers, methods
    admission/   who gets in: proof of work, budgets, connections, listeners
    epochs/      what everyone reads, made ahead once per epoch
    messages/    group commit, reads and deletions together, growth, expiry, slots written again
    chunks/      attachments' chunks, in slots on a disk or in a bucket
    storage/     the database
    operations/  what an operator runs beside it: preflight, backup, doctor
    settings     what an operator can set: one typed class
    logs         what is written down: about the service, never about a person

Nothing here holds a private key or can open a message: the private side of app.protocol is out of
reach (import contracts), and so is any address of a client.
"""

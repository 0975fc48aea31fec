"""The blind server: it keeps blobs that it cannot read, link or attribute.

    settings    what an operator can set: one typed class
    preflight   what must be right before a start, in words
    logs        what is written down: about the service, never about a person
    admission/  who gets in: proof of work, budgets
    storage/    the database
    chunks/     attachments' chunks
    epochs/     what everyone reads, made ahead once per epoch
    backup      a copy of everything, and back
    doctor/     what an operator gets wrong, found
    http/       HTTP in and out: what stands between a socket and the server's other rooms
    responses/  What the server's answers have in common, whoever gives them
    messages/   What happens to messages between the routes and the database

Nothing here holds a private key or can open a message: the private side of app.protocol is out of
reach (import contracts), and so is any address of a client.
"""

"""``quietline server``: the blind server, by its commands.

    server_commands  joins them; runs the server, keeps its database up to date
    listening        where the server listens, and how it answers there
    upkeep           ``stats`` and ``prune``
    healthcheck      does a server answer at its socket? for containers

A server never loads a console's code, nor the other way round.
"""

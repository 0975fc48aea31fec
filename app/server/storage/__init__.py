"""The server's database: message slots and investigators' bundles.

    database    Storage, all that the rest of the server uses
    tables      the tables
    migrations  which schema a database has and how to bring it up to date
    dialect     which database it is
    sqlite      how to connect to SQLite, what its failures mean, tidying
    postgres    the same for PostgreSQL
    slots       messages: places made ahead, overwritten, refilled
    envelopes   what lies in them
    bundles     investigators' windows
    leadership  which of several servers makes the epochs
    copies      copies of the database, taken while a server runs
    postgres_copies  how PostgreSQL's are taken so that no row moves for them
    digests     what two databases that hold the same have in common
    inspection  whether it is sound, and what it writes down besides
    failures    what storing can fail of; no driver's exception passes
    spreading   what is in slots stays spread over them when slots are added

SQLAlchemy is used nowhere else in the server.
"""

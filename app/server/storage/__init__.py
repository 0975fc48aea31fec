"""The server's database: message slots and investigators' bundles. The only SQLAlchemy here.

schema      the tables
dialect     which database it is; sqlite, postgres: how to connect, what failures mean, tidying
slots       messages: places made ahead, overwritten, refilled; envelopes: what lies in them
bundles     investigators' windows
database    Storage, the door that the rest of the server uses
leadership  which of several servers makes the epochs
migrations  which schema a database has and how to bring it up to date
"""

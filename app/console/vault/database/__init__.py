"""The encrypted database itself: how it is opened, its tables, the copy beside it.

    cipher            connections to the encrypted file
    schema            tables of messages, cases and files
    machine_tables    tables of what is of this computer: who sits here, keys, what is set once
    desk_tables       tables of what desks share: chains of operations
    link_tables       tables of what desks say of links
    search_tables     tables of the index, of what files say, of previews
    feature_tables    tables of features, their rows of a case that is destroyed
    schema_version    makes them all, and brings an older vault to them
    copying           the copy of the database that lies beside it for a backup

Imports no other room of the vault.
"""

"""Quietline: an anonymous, end-to-end encrypted tip line.

Rooms, from the inside out; each imports only downwards (import contracts in pyproject.toml):

    protocol/    QL1 as a pure core: bytes in, bytes out
    files/       files written whole, privately, durably; read within bounds
    passphrases  how hard a new passphrase is to guess, for the vault and for the root key
    sqlite_log   SQLite's write-ahead log, emptied so that nothing of it stays on the disk
    sentences/   sentences that know their English and can be said in another language
    client/      the one client of a line: consoles, reports, verifications, replicas
    reporter/    the reporter's static site, and the client that runs in their browser
    server/      blind storage
    console/     the investigator's machine
    agency/      the offline root key
    setup/       set-up by questions
    cli/         commands for all of them

docs/architecture.md has the map of the whole.
"""

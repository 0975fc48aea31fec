"""The vault: everything an investigator's machine keeps, encrypted (SQLCipher), in one folder.

    header              vault.json: what opens the key: the passphrase (Argon2id), a recovery code
    unlocking           passphrase and recovery code of an open vault, changed
    keyring             secrets that are kept for a purpose, and destroyed
    wrapping            the key under another key
    vault               opening, locking, transactions
    cipher              connections to the encrypted file
    schema              tables
    schema_version      makes them, and brings an older vault to them
    owner               who this machine is, its line, the highest directory seen
    settings            what there is one of: a class each
    bundle_keys         the private halves of the bundles, from making to destruction
    messages            cases and messages, in and out, as they stand
    adding              messages added to them
    drafts              answers and notes begun
    to_transfer         cases that go to another team with the next sending
    cases               what desks say of a case
    list_columns        what a desk's state makes of a case's row
    case_lists          the lists of cases that are chosen by it
    desks               what was said of a desk as a whole: rules, languages
    team                signed operations, heads, bodies for the desk that wait to be sent
    desk_tables         its tables
    chain_gaps          numbers of their chains that were passed over and have not come
    own_chain           what the own chains have that is not here; the own clock
    missing_operations  what is asked for, and what was given to others who asked
    missed_messages     what tells whether messages come here: full syncs, what colleagues hold
    desk_alarms         sentences that stand, what was seen of the directory
    members             who sits at the own desks, who was heard when
    notes               private notes
    saved_views         lists of cases that somebody saved
    link_statements     what desks say of links, as rows to be looked up
    link_tables         their tables
    feature_tables      tables of features, their rows of a case that is destroyed
    audit_log           everything that was done to a case: the hook through which all of it goes
    chain               the hash chain over them, which makes them a custody log
    export_marks        which cases and files never leave the console
    files               attachments as the database knows them
    chunk_folders       attachments as the disk has them: ciphertext only, under meaningless names
    decrypted_files     an attachment as its sender had it, piece by piece, in memory alone
    search_tables       the tables of the index, of what files say, of previews
    filewords           what files say, in parts short enough to be searched
    finding             the index of everything that can be searched
    previews            what came of opening a file
    forgetting          a whole case, taken out of every table
    machine_log         what was done to the vault itself, for its owner to see
    fetched_ids         ids that were ours, deletions due, what could not be opened
    copying             the copy of the database that lies beside it for a backup
    line_file           line.json, as the agency gave it
    tor_access          what the console's own Tor needs: a key for an onion, bridges
    setup               makes keys, vault and enrolment request
    archive             copies of a vault in one file
    last_backup         when the last one was made, and whether it is time for another
    recovery            a way back into a vault whose passphrase is lost
    quarantine          a restored vault: what it must not do before it knows what it missed
    translated_texts    what a machine made of messages here
    hash_lists       lists of hashes that the agency put in: what is in one is not opened

Stores are functions on an open transaction; the caller begins and leaves it, so that what belongs
together becomes durable together. Besides, only the ``storage/`` of features uses SQLAlchemy.
"""

from app.console.vault.header import Kdf
from app.console.vault.vault import Transaction, Vault, passphrase_opens
from app.protocol.group import Rng

__all__ = ["Kdf", "Rng", "Transaction", "Vault", "passphrase_opens"]

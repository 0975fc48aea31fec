"""Keys: the one that opens the vault, and those that it keeps.

In it:

    header       vault.json: what opens the key: the passphrase (Argon2id), a recovery code
    wrapping     the key under another key
    keyring      secrets that are kept for a purpose, and destroyed
    bundle_keys  the private halves of the bundles, from making to destruction
"""

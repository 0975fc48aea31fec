"""Invitations kept in the vault.

    kept_invitations  invitations of this console, their keys in the keyring

Nothing else of the feature knows the database.
"""

"""Letters kept in the vault.

    kept_letters  letters and requests for a proof

Nothing else of the feature knows the database.
"""

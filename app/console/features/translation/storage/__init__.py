"""What the vault keeps of translation.

    kept_models  the models, with the hash of each file; into which language is translated

Nothing else of the feature knows the database.
"""

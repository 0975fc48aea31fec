"""What is counted, read from the vault.

    case_facts  cases as bare facts

Nothing else of the feature knows the database.
"""

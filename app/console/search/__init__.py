"""Search over everything that was decrypted: how texts become terms, and questions queries.

Pure. The index itself lies in the vault (`vault.finding`), so it is encrypted like all else.
"""

"""Search over everything that was decrypted: how texts become terms, and questions queries.

    terms  what of a text can be found: folded words, pairs, numbers, plates
    query  a question as the investigator types it, as an expression for FTS5

Pure. The index itself lies in the vault (``vault.search.finding``), so it is encrypted like all
else.
"""

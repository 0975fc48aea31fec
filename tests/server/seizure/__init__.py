"""What a seized server tells.

A week of life (``week``); an analyst who gets everything that is on disk and nothing else
(``analyst``, with ``sqlite_pages``, ``heap_pages``, ``traces``); a judge who knows what really
happened (``judge``); servers weaker than ours (``weakened``), where the analyst must succeed.
"""

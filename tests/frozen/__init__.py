"""What a line, its people and its papers once were, to the byte: whatever comes after opens it.

    make         makes a world with today's program; run once for each version of a format
    world-1/     what it made: directory, bundles, mailbox, codes, export, letter, a case that went
    test_world   opens it with the program as it now is

A code on paper is good for months and a letter for years. Whoever changes a format on purpose makes
a new world beside the old one and says in the old one's test what no longer opens, and why.
"""

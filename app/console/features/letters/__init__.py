"""Cooperation letters: for a reporter who needs to prove that they reported (spec: letter).

    letters_feature     what letters register with the console
    cooperation_letter  a cooperation letter's bytes, made and checked
    held_letters        where letters are held, and how one is released on proof
    letter_pages        making one, letters held here, asked for a proof, released
    letter_section      the section of a case's page, and what its history says
    templates/          the page and the section
    storage/            letters and requests for a proof, kept in the vault

What a letter can say stands in letters.toml.
"""

"""Cooperation letters: for a reporter who needs to prove that they reported (spec: letter).

In it:

    cooperation_letter  a cooperation letter's bytes, made and checked
    held_letters        where letters are held, and how one is released on proof
    letter_pages        cooperation letters held here, asked for a proof, released
"""

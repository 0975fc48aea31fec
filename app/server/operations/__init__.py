"""What an operator runs beside the server, or before it.

In it:

    backup     a copy of everything, and back
    preflight  what must be right before a start, in words
    doctor/    what an operator gets wrong, found
"""

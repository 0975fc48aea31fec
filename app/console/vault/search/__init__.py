"""The index of what can be searched, and texts that are in it beside the originals.

In it:

    finding           the index of everything that can be searched
    translated_texts  what a machine made of messages here
"""

"""Quietline: an anonymous, end-to-end encrypted tip line.

Rooms, from the inside out: ``protocol`` (pure QL1), ``reporter`` (the reporter's static site),
``server`` (blind storage), ``console`` (the investigator's machine), ``agency`` (the offline root
key), ``cli`` (commands). Each imports only downwards; docs/architecture.md has the map.
"""

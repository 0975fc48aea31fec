"""Releases: what is committed, built reproducibly, tried, listed and signed."""

"""Backups and moves as pages."""

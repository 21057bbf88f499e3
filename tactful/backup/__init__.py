"""Backups: everything that an installation keeps in one sealed file, and back from it; its keys never are in it."""

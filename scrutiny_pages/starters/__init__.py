"""Starters: ready-made arrangements of scrutiny as data files, and their loader."""

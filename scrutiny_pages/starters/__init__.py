"""Starters: ready-made arrangements of scrutiny, as data files, and what loads them."""

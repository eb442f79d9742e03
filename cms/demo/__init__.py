"""The demo: an invented landlord, as data in ``content/``, and the code that loads it."""

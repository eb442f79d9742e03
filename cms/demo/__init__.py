"""The demo: an invented landlord, told as data in ``content/``, and the code that loads it."""

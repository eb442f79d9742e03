"""Brings in a tracker of recommendations that was kept in a spreadsheet or in another system.

``reading`` turns a file into cells, ``columns`` says which column is what, ``rows`` turns one row into a draft,
``planning`` compares the drafts with what is here, and ``loading`` writes them, all or nothing. ``own`` reads what
stands only in a spreadsheet that this site, or another like it, has written.
"""

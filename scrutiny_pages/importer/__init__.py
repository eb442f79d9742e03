"""Imports a tracker of recommendations that was kept in a spreadsheet or in another system.

``readers`` turns a file into cells, ``columns`` identifies the columns, ``rows`` turns one row into a draft, ``diff``
compares the drafts with the site, and ``loader`` writes them in one transaction. ``own_exports`` reads the columns that
exist only in a spreadsheet which this site, or another like it, has exported.
"""

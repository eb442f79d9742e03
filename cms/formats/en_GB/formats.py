"""Parsing of days as people type them: 20/11/2026, 20 November 2026, and the machine's 2026-11-20."""

DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y"]

"""Everything a resident submits."""

"""Formatting of file sizes."""


def format_size(size: int) -> str:
    """Format the size of a file: 180 KB, 1.4 MB."""
    kilobytes = max(1, round(size / 1024))
    return f"{kilobytes} KB" if kilobytes < 1000 else f"{size / 1024 / 1024:.1f} MB"

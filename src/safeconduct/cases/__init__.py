"""Cases that come with the package: folders of plain text tables, no code."""

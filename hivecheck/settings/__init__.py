"""Floor 2: what the keys say. Raw values become typed settings with presence, origins and problems."""

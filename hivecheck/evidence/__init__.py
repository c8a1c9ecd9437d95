"""Floor 1: where hives come from. Opens evidence read-only and says what it is by its content."""

"""Floor 0: plain immutable things that every floor speaks of. Standard library only."""

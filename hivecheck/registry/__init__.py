"""Floor 1: bytes to `RawValue`. Knows nothing of sessions, boots or reports."""

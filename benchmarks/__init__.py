"""How long hivecheck takes, told as ratios to programs run in turn with it. Nothing here is a test: machines differ."""

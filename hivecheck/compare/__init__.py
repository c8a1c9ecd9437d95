"""Two hives held against each other: what a change in the registry changes in how the machine boots, and whose work it may be."""

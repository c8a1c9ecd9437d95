"""Floor 3: what the next boot would do. smss decides, the machine answers, the replay folds."""

"""The examples of the rules: a module for each module of rules, loaded by none of them, so that judging a hive costs nothing of it."""

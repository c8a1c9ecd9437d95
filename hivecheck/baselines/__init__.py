"""What each Windows ships, as data: one TOML file a generation, the newer extending the older. A baseline describes, it forgives nothing."""

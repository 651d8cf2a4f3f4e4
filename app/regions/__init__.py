"""The region tree, the supervision offices and their cars."""

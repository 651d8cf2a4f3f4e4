"""An inspector's own assignments in force: list, moves, calendar feed."""

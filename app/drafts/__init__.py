"""Edits of solved plans by hand, with undo."""

"""The bridge between the tables and the solver: the only importer of `solver`."""

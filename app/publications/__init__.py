"""Putting plans into force: versions, their amendments, and the guards before."""

"""Programmes as versioned data, rounds, validation targets with their external stages, burden rules."""

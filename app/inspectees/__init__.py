"""Inspected inspectees, their closures and past inspections, responsibility areas, evaluation methods."""

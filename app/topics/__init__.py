"""Topics of thematic inspections, and the draws of their inspectees."""

"""What the programmes require on a plan's days, and the capacity that there is for it."""

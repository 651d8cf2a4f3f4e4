"""The yearly list of what an office may carry out."""

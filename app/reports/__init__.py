"""What the office reports: costs planned and actual, and where the aims of the plan stand."""

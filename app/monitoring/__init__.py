"""What takes units and leaders away from inspection: monitoring samples and duties of offices."""

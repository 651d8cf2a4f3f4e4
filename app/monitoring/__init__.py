"""What takes inspectees and leaders away from inspection: monitoring samples and duties of offices."""

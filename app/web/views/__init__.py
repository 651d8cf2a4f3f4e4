"""What pages show, one module per noun."""

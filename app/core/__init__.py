"""What every noun stands on: settings, clock, database, errors, pages, security. Knows no noun."""

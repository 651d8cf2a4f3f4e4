"""Accounts, who may do what, who did what, and the settings of the field's rules."""

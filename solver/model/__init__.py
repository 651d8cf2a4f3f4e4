"""The constraint model: variables, one function per hard rule and score part, and what is solved with it."""

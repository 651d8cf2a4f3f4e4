"""The calendar by year: holidays and make-up days, school terms, exam and other closed days."""

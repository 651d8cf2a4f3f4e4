"""Made-up schools, people and history from a seed number, every row marked as synthetic.

No source gives the schools of a banner, their names, places or people. What is real is how many there are of each
kind and how many pupils they have together; the rest is drawn, always the same for the same seed number.
"""

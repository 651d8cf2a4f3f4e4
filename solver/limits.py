"""The sizes up to which the solver takes a problem or a plan; anything larger is an input error.

Within them a run keeps its time, and its memory below 2 GB.
"""

from __future__ import annotations

MAX_FILE_BYTES = 200 * 2**20
"""The largest file, as stored and unpacked."""

MAX_CONTAINERS = 8_000_000
"""Lists and objects in one file: what bounds the memory of reading it."""

MAX_ITEMS = 35_000_000
"""Commas in one file, so about the values in it; the two travel tables of 4,000 places have as many."""

MAX_DAYS = 4_000
"""Inspection days of one problem."""

MAX_VISITS = 500_000
"""Visits of one problem."""

MAX_STARTS = 40_000_000
"""Half-days of inspection in the windows of all visits: each may be a start, of which the planner keeps a list."""

MAX_PERSON_DAYS = 15_000_000
"""Inspectors × inspection days: the planner keeps several diaries of all people."""

MAX_NUMBER = 1_000_000_000
"""The largest integer anywhere in a problem."""

MAX_TOTAL = 10**17
"""The largest cost of leaving everything out: sums of scores stay within 64 bits."""

MAX_ERRORS = 100
"""Input errors reported of one input; the rest is counted."""

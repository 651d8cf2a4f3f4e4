"""The list of error codes in the docs is that of the code."""

from __future__ import annotations

from tests.error_codes import PAGE, page


def test_the_page_lists_every_code() -> None:
    assert PAGE.read_text() == page(), "run: python -m tests.error_codes"

"""The pool of inspectors: the way into office and out of it, and an office's figures."""

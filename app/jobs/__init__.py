"""Durable work: plans are taken from the queue, solved in a child process, checked and stored; a kill loses none."""

"""What is assigned: in force, of a plan, around an assignment; who may know of it."""

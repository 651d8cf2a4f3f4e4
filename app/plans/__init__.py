"""Plans: asked for, followed, read, compared, published; and what is in force of them."""

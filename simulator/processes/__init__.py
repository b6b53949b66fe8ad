"""What goes on in a plant, one process per domain word, over a shared stage."""

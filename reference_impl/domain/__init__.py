"""The rules of the two systems, without input or output: what may be done, and why not."""

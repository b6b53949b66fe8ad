"""The front door of GxProof: command line, composition root, installation checks."""

"""Tables, compiled statements, transactions: SQLite in WAL mode with ``synchronous=FULL``."""

"""What a run leaves behind: records, canonical bytes, digests. Standard library and pydantic."""

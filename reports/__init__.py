"""Paper and proof: seals a run, prints its documents from the record alone, verifies a bundle.

The doors are ``sealing.seal_results`` and ``sealing.seal_bundle``, ``documents.print_documents``
and ``verification.verify_bundle``. Nothing here reads a clock or the environment, and nothing here
decides a state: it prints what the record says.
"""

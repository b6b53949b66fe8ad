"""What a MES and a WMS agree on, and what evidence of it looks like.

Four floors, each seeing only those below it: ``model`` (pure words of the field), ``record``
(run records and digests), ``formats`` (readers of GS1, EPCIS and B2MML), ``wire`` (transports,
signing, typed clients).
"""

"""English as engineers type it: what must not be touched, what to say instead, how a clause is built.

Tables and pure functions without I/O, used to write drafts without a model and to check any draft.
"""

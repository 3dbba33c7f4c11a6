"""Dialogues of several steps that the server holds and every client draws alike.

`flows.py` and `answering.py` are the machine: rows, etags, expiry. Each file of `kinds/` is one
dialogue and declares itself in the catalogue. A kind calls the same room functions as the typed
RPCs and has no rule of its own. See docs/decisions/0015-flows-are-a-room.md.
"""

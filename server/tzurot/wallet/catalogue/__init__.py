"""Which models there are, what they cost and can: from their providers' lists, and a snapshot.

Read `catalogue.py` for what is known, `asking.py` for how it becomes known.
"""

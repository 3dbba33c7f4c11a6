"""People across platforms, their personas, and the service tokens of clients.

Calls no other room. Read `subjects.py` for who a caller is, `tokens.py` for what it may do.
"""

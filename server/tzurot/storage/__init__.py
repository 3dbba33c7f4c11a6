"""Postgres, the only system of record: connection, schema, queue, and the embedded server.

Knows no room. Read `database.py` for how a transaction is opened.
"""

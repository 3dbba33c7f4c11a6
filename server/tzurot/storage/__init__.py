"""Storage: Postgres, the one system of record, and how everything else here reaches it.

`database.py` opens transactions, `base.py` is what all tables share, `migrations` and `schema.py`
are how the tables come to be, `jobs.py` is the queue, `signals.py` wakes other servers, and
`pagination.py` is the way through a list.
Without a configured database `embedded.py` runs the bundled one: `bundle.py` has its programs and
their account, `postmaster.py` its process, `folder.py` the private folder that it needs. Storage
knows no room.
"""

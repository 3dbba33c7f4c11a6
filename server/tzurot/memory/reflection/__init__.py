"""What characters gather from memories that have something in common, and what they dream of it.

`reflection.py` is the job, `clusters.py` its rule, `wording.py` its words. A reflection is a memory
like others, of kind `reflection`; what became of its sources decides whether it stands, and the
database sees to that (reflection_tables.py). Dreams are told by the session room; they are kept
here.
"""

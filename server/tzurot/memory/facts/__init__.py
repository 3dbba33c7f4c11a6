"""What characters know of people: facts, how two are told to say the same, and what is forgotten.

Read `facts.py` for what people can do with them and `keeping.py` for what becomes of a statement
that was found in what they said. `likeness.py` says when two statements are the same. Finding
statements takes a model: that is the session room's (session/learning).
"""

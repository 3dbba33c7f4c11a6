"""What characters remember of people: remembering, recall, browsing, the search index.

A memory is one exchange, word by word, of one persona with one character. `recall.py` is the
room's centre: read it first. Calls account for nobody and no other room: what it must know about
characters is handed in by wiring.
"""

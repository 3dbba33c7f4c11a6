"""Skills: tools that a model can call while it thinks.

Calls no other room: what a skill needs of one is handed over at wiring. Read `skills.py`.
"""

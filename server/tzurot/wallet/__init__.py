"""Models and what pays for them.

Calls no other room. Read `paying.py`.
"""

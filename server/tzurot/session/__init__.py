"""Conversations and turns: what happens when somebody says something.

Calls personality, memory, wallet, skill and account; nobody calls it. Read `turn.py` first.
"""

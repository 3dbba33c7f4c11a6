"""Characters: who they are, who may see them, and who is meant by a mention.

Calls no other room. Read `characters.py`.
"""

"""Learning facts from what people say: a model finds them, code checks each. See learning.py."""

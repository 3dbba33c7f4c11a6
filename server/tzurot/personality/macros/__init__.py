"""Macros: what stands in double braces in the texts of cards, books and instructions. Pure."""

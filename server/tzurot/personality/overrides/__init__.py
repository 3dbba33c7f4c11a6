"""How one person has a character otherwise."""

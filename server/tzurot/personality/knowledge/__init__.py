"""Documents that characters know, cut into passages that turns recall."""

"""Single messages after they were said: edited, deleted, chosen, branched."""

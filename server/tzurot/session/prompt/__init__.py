"""The prompt of a turn, section by section, within a budget."""

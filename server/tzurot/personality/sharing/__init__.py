"""Who may do what with a character."""

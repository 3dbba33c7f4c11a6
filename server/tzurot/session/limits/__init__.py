"""Who is let in: maintenance, denials, age, and how fast people speak."""

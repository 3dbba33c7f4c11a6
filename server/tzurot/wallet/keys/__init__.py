"""Keys that people bring: how they lie in the database, and who opens them."""

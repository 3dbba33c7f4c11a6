"""What is said incognito: it is in no database, but for a while in the memory of one server."""

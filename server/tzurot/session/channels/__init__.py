"""Where several people talk: who answers there, what is said around, what speaks up by itself."""

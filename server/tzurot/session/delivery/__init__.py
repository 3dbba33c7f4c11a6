"""Running turns and their followers: in which order, on which server, through which client."""

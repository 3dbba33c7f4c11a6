"""Which model reads memories, the two slots for what it reads, the change to another one."""

"""`make bench`: what the walls, the keys and the memory cost, each against a limit measured in the same run (design §9)."""

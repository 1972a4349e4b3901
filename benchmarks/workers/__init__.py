"""Programs that each run in a process of their own, some in the environment of the peers, and print JSON."""

"""Programs that run in their own processes, some in the environment of the peers, and print their results as JSON."""

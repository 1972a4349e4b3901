"""Arrays of any library, causal masks, checks of arguments, threads. Every other folder may import these."""

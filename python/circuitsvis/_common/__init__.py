"""Arrays of any library, checks of arguments, threads: what every room may use."""

"""Programs for development, each a package to run with `python -m`: fixtures, demo_model, tools."""

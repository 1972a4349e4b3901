"""Measurements without a browser: imports, memory, checks, attribution, and the physical limits of the encoding."""

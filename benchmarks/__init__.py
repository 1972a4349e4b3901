"""Measures circuitsvis and its peers on the same values, in one run on one machine: `python -m benchmarks`."""

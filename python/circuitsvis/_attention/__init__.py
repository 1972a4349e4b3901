"""Attention patterns: from a cache or arrays to the figure."""

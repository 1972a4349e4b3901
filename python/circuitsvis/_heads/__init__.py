"""Scores of attention heads: what the field measures of patterns and weights, as small tables."""

"""Helpers of the tests: models, caches, references."""

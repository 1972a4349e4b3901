"""Tests of the package's folder `_heads`."""

"""Tests in a real browser: `make e2e`."""

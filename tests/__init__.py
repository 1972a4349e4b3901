"""Tests of the Python side; `python -m pytest tests`."""

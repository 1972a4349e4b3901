"""Figures of colored tokens."""

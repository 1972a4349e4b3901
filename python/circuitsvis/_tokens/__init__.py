"""Figures that show texts whose tokens are colored by values."""

"""Figures in other forms than their page."""

"""Tests of figures and their pages."""

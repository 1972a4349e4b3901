"""Tests of the example figures."""

"""Tests of the package as a whole: import rules, signatures, wheel, documents, demo."""

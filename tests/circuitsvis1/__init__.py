"""Comparison with circuitsvis 1.43.3: `make test-circuitsvis1`. `pytest tests` leaves this folder out.

To compare another function: its calls in `calls/`, and how each side's page is read in `shown/`.
"""

"""Tokens and padding of a cached batch, matched to its positions and checked against the activations."""

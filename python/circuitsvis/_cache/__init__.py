"""Activations and weights of a TransformerLens cache and its model, found by hook name and compared with each other."""

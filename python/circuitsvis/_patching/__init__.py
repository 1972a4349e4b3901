"""Activation patching: the effect of each activation of one run in another, computed or given, as grids by layer."""

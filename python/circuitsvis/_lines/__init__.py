"""How heads come to their patterns from q and k: what mode="lines" shows."""

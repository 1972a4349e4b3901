"""How the patterns of heads follow from q and k, which mode="lines" shows."""

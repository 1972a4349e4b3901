"""Direct logit attribution: from a cache and directions to the figure."""

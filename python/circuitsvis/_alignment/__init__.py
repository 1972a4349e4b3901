"""Which token stands at which position of a cached batch: padding and tokens against the data."""

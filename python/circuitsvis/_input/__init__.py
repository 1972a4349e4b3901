"""What users pass in, before a cache is read: tokens, heads, padding, options, names."""

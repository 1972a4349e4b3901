"""What a TransformerLens cache and its model hold, recognised from hook names and checked on the data."""

"""Two forward passes compared: how the attention of every head differs."""

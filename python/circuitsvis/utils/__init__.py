"""Import paths of CircuitsVis 1."""

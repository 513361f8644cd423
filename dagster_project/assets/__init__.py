"""The asset graph: one module a floor. `floors` gives the names; each other module one floor's assets."""

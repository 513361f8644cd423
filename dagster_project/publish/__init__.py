"""Write, audit, publish: a refresh is built beside the last one, checked, and swapped in by one rename."""

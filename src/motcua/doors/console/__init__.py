"""Console: the officers' door to the desk: signing in and out."""

"""The eight answers as pictures in terminal cells, and each as a list of its numbers."""

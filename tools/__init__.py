"""Programs that made the data files of ``autograder/datasets/data``. Nobody needs them to use or to test the package."""

"""Files that come with what is said: kept, described, told to the model."""

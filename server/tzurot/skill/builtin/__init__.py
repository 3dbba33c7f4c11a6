"""The skills that come with Tzurot, one file each."""

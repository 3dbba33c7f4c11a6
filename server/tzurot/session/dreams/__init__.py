"""What models make of reflections: dreams while people are away, and sentences. See dreaming.py."""

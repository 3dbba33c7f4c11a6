"""Faces of characters: pictures checked, written anew, stored once."""

"""The page of other ceasefires."""

"""Making a new case from tables and maps."""

"""The monitor's pages and exports."""

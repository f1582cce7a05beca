"""Report, tables and pages of simulated runs."""

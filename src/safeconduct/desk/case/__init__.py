"""Cases on disk: where each lies, its reports and their journal, and saving so that nothing confirmed is lost."""

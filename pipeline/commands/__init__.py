"""What the commands of `fazhi` do. Each module is imported when its command is called; each function returns the exit code."""

"""Pages and deeds of asking: signing in, first use, the window, who looked."""

"""The front hall: settings, addresses, home, pages that join rooms."""

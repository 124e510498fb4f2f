"""Who asks and how proven: users, sign-in, identity checks, visits, the door, the access log."""

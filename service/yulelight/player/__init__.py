"""What plays now: the director, its sessions and their order."""

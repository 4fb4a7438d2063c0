"""Who needs the agency first, and why: for the agency's eyes, never for a client's page."""

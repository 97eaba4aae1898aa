"""People: sign-in, roles, invitations, the audit trail, data-protection requests."""

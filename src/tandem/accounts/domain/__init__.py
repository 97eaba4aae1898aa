"""The rules of accounts: roles, permissions, invitations, retention."""

"""Contracts that several rooms share: reasons of errors, access rules, venues."""

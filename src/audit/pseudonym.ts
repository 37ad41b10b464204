/** Returns what stands for the address of a deleted account in the audit log. */
export const pseudonymOf = (accountId: string): string => `deleted-${accountId}`;

/** The personal part of an erased row, as JSON: the pseudonym of its account, and nothing else. */
export const erasedPersonal = /^\["deleted-([\da-f-]{36})", "", "", \{\}\]$/;

import type { Sealer } from '../ports.ts';
import type { Account } from './account.entity.ts';

/** What a registration sets once its own code has verified the address. */
export type Registration = Pick<Account, 'email' | 'passwordHash' | 'firstName' | 'lastName'>;

/** Not the address: the label of a sealed text is readable. */
const LABEL = 'registration';

/** Seals a registration, to be kept in the challenge whose code confirms it. */
export function sealRegistration(sealer: Sealer, registration: Registration): Promise<string> {
  return sealer.seal(LABEL, JSON.stringify(registration));
}

/** Sets the password and the names of the registration that the redeemed challenge carries. */
export async function applyRegistration(
  sealer: Sealer,
  account: Account,
  sealed: string,
): Promise<void> {
  const opened: Registration = JSON.parse(await sealer.open(LABEL, sealed));
  const { email, passwordHash, firstName, lastName } = opened;
  if (email !== account.email) throw new Error('the registration is of another address');
  Object.assign(account, { passwordHash, firstName, lastName });
}

import type { Sealer } from '../ports/sealer.ts';
import type { Account } from './account.entity.ts';

/** Account data that a registration sets once its own code has verified the address. */
export type Registration = Pick<Account, 'email' | 'passwordHash' | 'firstName' | 'lastName'>;

/** Does not contain the address: the label of a sealed text is readable. */
const LABEL = 'registration';

/** Seals a registration for storage in the challenge whose code confirms it. */
export function sealRegistration(sealer: Sealer, registration: Registration): Promise<string> {
  return sealer.seal(LABEL, JSON.stringify(registration));
}

/** Sets the password and names from the registration in the redeemed challenge. */
export async function applyRegistration(
  sealer: Sealer,
  account: Account,
  sealed: string,
): Promise<void> {
  const opened: Registration = JSON.parse(await sealer.open(LABEL, sealed));
  const { email, passwordHash, firstName, lastName } = opened;
  if (email !== account.email)
    throw new Error('the sealed registration belongs to another address');
  Object.assign(account, { passwordHash, firstName, lastName });
}

import { record } from '../audit/record.ts';
import { type OtpChallenge, sendCode } from '../challenges/send-code.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../outbox/transaction.ts';
import type { RegisterInput } from './account-inputs.ts';
import { createOrReplaceAccount } from './account-statements.ts';
import { findAddressToHash } from './find-address.ts';
import { mayRegister, type Registration, sealRegistration } from './registration.ts';

/**
 * Registers an address and mails a code that finishes the registration. The response does not reveal
 * whether the address is taken (ASVS 5.0 6.3.8): the owner of a verified account gets a notice
 * instead. Until the address is verified, a newer registration replaces password and names.
 */
export async function register(ctx: Context, input: RegisterInput): Promise<OtpChallenge> {
  const { email, password, firstName = null, lastName = null } = input;
  const { place, ...found } = await findAddressToHash(ctx, email);
  using _place = place;
  const passwordHash = await ctx.passwords.hash(password);
  const registration = { email, passwordHash, firstName, lastName };
  const isAllowed = mayRegister(ctx.config, email);
  const isTaken = found.emailVerified || (found.isReserved && found.hasAccount);
  const decoy = isTaken || found.isReserved || !isAllowed;
  return sendCode(ctx, {
    ...found,
    purpose: 'SIGN_IN',
    registration: sealRegistration(ctx.sealer, registration),
    decoy,
    detail: 'User registered successfully',
    async write(tx) {
      const changed = await createOrReplace(tx, registration, isAllowed);
      const isRefused = !isTaken && (found.isReserved || !isAllowed);
      const outcome = changed ?? (isRefused ? 'refused' : 'taken');
      record(tx, 'REGISTERED', email, { outcome });
      if (outcome === 'taken') return 'ALREADY_REGISTERED';
      return decoy ? 'NOTHING' : undefined;
    },
  });
}

async function createOrReplace(tx: Transaction, input: Registration, isAllowed: boolean) {
  const { email, passwordHash, firstName, lastName } = input;
  const now = tx.clock.now();
  const id = tx.newId(now);
  const values = [id, email, passwordHash, firstName, lastName, now, isAllowed];
  const [row] = await tx.sql.query(createOrReplaceAccount, values);
  return row && (row.id === id ? 'created' : 'replaced');
}

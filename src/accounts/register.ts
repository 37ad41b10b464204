import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { putMail } from '../outbox/put.ts';
import { type Transaction, transaction } from '../outbox/transaction.ts';

export interface RegisterInput {
  readonly email: string;
  readonly password: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/**
 * Registers an address. Nobody is told whether it was taken: the owner of a proven account gets a
 * mail, and nothing of it changes (ASVS 5.0 6.3.8). Until the mailbox is proved, the newest
 * registration counts: the account exists since then.
 */
export async function register(ctx: Context, input: RegisterInput): Promise<{ detail: string }> {
  using _place = ctx.passwords.reserve(false);
  const passwordHash = await ctx.passwords.hash(input.password);
  // Taken for every address, taken or not, so that the way is the same.
  const notice = { name: 'notices', subject: '', ...ctx.config.notices };
  const refusal = await ctx.budgets.take(input.email, [notice], ctx.client.prefix);
  await transaction(ctx, async (tx) => {
    const outcome = await createOrReplace(tx, input, passwordHash);
    const about = outcome === 'taken' && !refusal ? 'ALREADY_REGISTERED' : 'NOTHING';
    await putMail(tx, input.email, { about });
    record(tx, 'REGISTERED', input.email, { outcome });
  });
  return { detail: 'User registered successfully' };
}

async function createOrReplace(
  tx: Transaction,
  { email, firstName, lastName }: RegisterInput,
  passwordHash: string,
): Promise<'created' | 'replaced' | 'taken'> {
  const now = tx.clock.now();
  const id = tx.newId(now);
  const rows = await tx.em.execute<{ id: string }[]>(
    `insert into accounts (id, email, password_hash, first_name, last_name, role, created_at)
     values (?, ?, ?, ?, ?, 'USER', ?)
     on conflict (email) do update
       set password_hash = excluded.password_hash,
           first_name = excluded.first_name,
           last_name = excluded.last_name,
           created_at = excluded.created_at
       where accounts.email_verified_at is null
     returning id`,
    [id, email, passwordHash, firstName ?? null, lastName ?? null, now],
  );
  if (rows.length === 0) return 'taken';
  return rows[0]?.id === id ? 'created' : 'replaced';
}

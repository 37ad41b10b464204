import { base32 } from '../factors/totp-codes.ts';
import { openTotp } from '../factors/totp-kind.ts';
import { NIL_ID } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import type { UserRecord } from './user-record.ts';

/** Accounts that are read at once. */
const STEP = 1000;

/** Second factors of an exported account. */
interface ExportedFactors {
  readonly totp: { readonly sealed_secret: string } | null;
}

type Exported = Required<{ [Key in keyof Omit<UserRecord, 'factors'>]: unknown }> & {
  readonly id: string;
  readonly factors: ExportedFactors | null;
};

/** SQL: the second factors of the account `a`, without used recovery codes. */
const factors = `jsonb_build_object(
  'since', a.factors_since, 'user_handle', a.webauthn_user_handle,
  'totp', (select jsonb_build_object('sealed_secret', t.sealed_secret,
      'confirmed_at', t.confirmed_at, 'last_step', t.last_step)
    from totp_factors t where t.account_id = a.id and t.sealed_secret is not null),
  'recovery_codes', coalesce((select jsonb_agg(r.hash order by r.hash)
    from recovery_codes r where r.account_id = a.id and r.used_at is null), '[]'),
  'passkeys', coalesce((select jsonb_agg(jsonb_build_object('credential_id', p.credential_id,
      'public_key', p.public_key, 'sign_count', p.sign_count, 'backup_eligible', p.backup_eligible,
      'backed_up', p.backed_up, 'transports', p.transports, 'aaguid', p.aaguid, 'name', p.name,
      'created_at', p.created_at, 'last_used_at', p.last_used_at)
      order by p.created_at, p.credential_id)
    from passkeys p where p.account_id = a.id), '[]'))`;

const exportAccounts: Statement<Exported> = {
  name: 'export-accounts',
  text: `select id, email, password_hash, first_name, last_name, role, created_at, last_login_at,
      email_verified_at, disabled_at, metadata,
      case when a.factors_since is not null then ${factors} end as factors
    from accounts a where email_verified_at is not null and id > $1 order by id limit ${STEP}`,
};

/**
 * Reads all accounts with a verified address, as lines of JSON. Secrets of authenticator apps stay
 * encrypted, unless a sealer is given that decrypts them.
 */
export async function* exportUsers(sql: Sql, sealer?: Sealer): AsyncGenerator<string> {
  let last = NIL_ID;
  for (;;) {
    const users = await sql.query(exportAccounts, [last]);
    if (users.length > 0) yield `${users.map((user) => lineOf(user, sealer)).join('\n')}\n`;
    if (users.length < STEP) return;
    last = users.at(-1)?.id ?? last;
  }
}

function lineOf({ factors: own, ...user }: Exported, sealer: Sealer | undefined): string {
  if (!own) return JSON.stringify(user);
  if (!own.totp || !sealer) return JSON.stringify({ ...user, factors: own });
  const { sealed_secret: sealed, ...rest } = own.totp;
  const totp = { secret: base32(openTotp(sealer, user.id, sealed)), ...rest };
  return JSON.stringify({ ...user, factors: { ...own, totp } });
}

import { NIL_ID } from '../ports/clock.ts';
import type { Sql, Statement } from '../ports/sql.ts';
import type { UserRecord } from './user-record.ts';

/** Accounts that are read at once. */
const STEP = 1000;

type Exported = Required<{ [Key in keyof UserRecord]: unknown }> & { readonly id: string };

const exportAccounts: Statement<Exported> = {
  name: 'export-accounts',
  text: `select id, email, password_hash, first_name, last_name, role, created_at, last_login_at,
      email_verified_at, disabled_at, metadata
    from accounts where email_verified_at is not null and id > $1 order by id limit ${STEP}`,
};

/** Reads all accounts with a verified address, as lines of JSON. */
export async function* exportUsers(sql: Sql): AsyncGenerator<string> {
  let last = NIL_ID;
  for (;;) {
    const users = await sql.query(exportAccounts, [last]);
    if (users.length > 0) yield `${users.map((user) => JSON.stringify(user)).join('\n')}\n`;
    if (users.length < STEP) return;
    last = users.at(-1)?.id ?? last;
  }
}

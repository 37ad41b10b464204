import { CreateApiKeyDocument, RevokeApiKeyDocument } from '../../client/generated/graphql.ts';
import { Administrator } from './administrator.ts';
import type { TestApp } from './app.ts';
import type { Person } from './flow.ts';

export type Scope = 'READ' | 'WRITE';

/** An API key, used like the token of an administrator. */
export class Machine extends Administrator {
  readonly id: string;
  readonly creator: Administrator;

  constructor(app: TestApp, creator: Administrator, { id, key }: { id: string; key: string }) {
    super(app);
    this.creator = creator;
    this.id = id;
    this.token = key;
  }

  static async with(app: TestApp, scope: Scope, creator?: Administrator): Promise<Machine> {
    const admin = creator ?? (await Administrator.create(app));
    await stepUp(app, admin);
    const { data, text } = await admin.change(CreateApiKeyDocument, { name: 'crm', scope });
    if (!data) throw new Error(`no API key: ${text}`);
    return new Machine(app, admin, data.createApiKey);
  }

  revoke = () => this.creator.change(RevokeApiKeyDocument, { id: this.id });
}

/** Confirms the identity in all sessions of a person. */
export const stepUp = (app: TestApp, { email }: Person, at: Date | null = app.clock.now()) =>
  app.sql(
    'update sessions set stepped_up_at = ? where account_id = (select id from accounts where email = ?)',
    [at, email],
  );

/** Creates an administrator who has confirmed the identity. */
export async function steppedUpAdministrator(app: TestApp): Promise<Administrator> {
  const admin = await Administrator.create(app);
  await stepUp(app, admin);
  return admin;
}

/** Inserts a key that nobody has. Returns its id. */
export async function insertKey(app: TestApp): Promise<string> {
  const [key] = await app.sql<{ id: string }>(
    `insert into api_keys (id, hash, start, name, scope, created_at, expires_at)
     values (gen_random_uuid(), gen_random_uuid()::text, '', 'none', 'READ', now(), now())
     returning id`,
  );
  return key?.id ?? '';
}

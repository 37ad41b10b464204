import { beforeAll, describe, expect, it } from 'vitest';
import { listUsers } from '#src/administration/list-users.ts';
import type { UserFilter } from '#src/administration/user-inputs.ts';
import { Administrator } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { command } from './support/command.ts';
import { Person } from './support/flow.ts';
import { rest } from './support/rest.ts';
import { recordStatements } from './support/statements.ts';

const app = useApp();
const MANY = 20_000;
let admin: Administrator;

beforeAll(async () => {
  // One in 100 is disabled, one in 50 unverified; as many are created in the same microsecond.
  await app.sql(
    `insert into accounts (id, email, role, created_at, email_verified_at, disabled_at)
     select gen_random_uuid(), format('grown-%s@example.com', lpad(n::text, 6, '0')),
       case when n % 1000 = 7 then 'ADMIN' else 'USER' end,
       '2026-01-01'::timestamptz + (n / 50) * interval '1.000001 second',
       case when n % 50 <> 1 then now() end, case when n % 100 = 2 then now() end
     from generate_series(1, ?) n`,
    [MANY],
  );
  await app.sql('analyze accounts');
  admin = await Administrator.create(app);
});

interface Listed {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly status: string;
  readonly createdAt: string;
}

/** Reads the whole list by its cursors. */
async function readAll(filter: object, first = 100): Promise<Listed[]> {
  const all: Listed[] = [];
  for (let after: string | undefined; ; ) {
    const { data } = await admin.users({ filter, first, ...(after && { after }) });
    all.push(...(data?.users?.edges ?? []).map(({ node }) => node as Listed));
    const { hasNextPage = false, endCursor } = data?.users?.pageInfo ?? {};
    if (!hasNextPage) return all;
    after = endCursor ?? '';
  }
}

it('lists every user once, the newest first', async () => {
  const all = await readAll({ createdTo: '2026-01-01T00:00:10Z' });
  expect(all).toHaveLength(499);
  expect(new Set(all.map(({ id }) => id)).size).toBe(499);
  expect(all.map(({ createdAt }) => createdAt)).toEqual(
    all
      .map(({ createdAt }) => createdAt)
      .toSorted()
      .toReversed(),
  );
  expect((await admin.users({ first: 1 })).data?.users?.edges[0]?.node.email).toBe(admin.email);
});

it('lists the same users whatever the size of the pages', async () => {
  const filter = { createdTo: '2026-01-01T00:00:03Z' };
  expect(await readAll(filter, 7)).toEqual(await readAll(filter));
  const byAddress = { email: ' GROWN-0000' };
  expect(await readAll(byAddress, 7)).toEqual(await readAll(byAddress));
});

it('finds addresses by their beginning, in their order', async () => {
  const found = await readAll({ email: 'Grown-0012' });
  const numbers = Array.from({ length: 100 }, (_, n) => 1200 + n);
  expect(found.map(({ email }) => email)).toEqual(numbers.map((n) => `grown-00${n}@example.com`));
  for (const email of [
    '%',
    '_',
    'grown-%',
    "' or 1=1 --".replaceAll(' ', ''),
    '~',
    'x'.repeat(254),
  ]) {
    expect(await readAll({ email }), email).toEqual([]);
  }
});

it('combines filters', async () => {
  const filter = { email: 'grown-', status: 'DISABLED', createdTo: '2026-01-01T00:00:10Z' };
  const disabled = await readAll(filter);
  expect(disabled).toHaveLength(5);
  expect(new Set(disabled.map(({ status }) => status))).toEqual(new Set(['DISABLED']));
  expect(await readAll({ role: 'ADMIN', email: 'grown-' })).toHaveLength(20);
  expect(await readAll({ role: 'ADMIN', status: 'DISABLED' })).toEqual([]);
  expect(await readAll({ status: 'UNVERIFIED', createdTo: '2026-01-01T00:00:10Z' })).toHaveLength(
    10,
  );
});

const filters: readonly UserFilter[] = [
  {},
  { role: 'ADMIN' },
  { role: 'USER', status: 'ACTIVE' },
  { status: 'DISABLED' },
  { status: 'UNVERIFIED', createdFrom: new Date('2026-01-01T00:01:00Z') },
  { createdFrom: new Date('2026-01-01T00:01:00Z'), createdTo: new Date('2026-01-01T00:02:00Z') },
  { email: 'g' },
  { email: 'grown-0000' },
  { email: 'g', role: 'ADMIN', status: 'DISABLED', createdTo: new Date('2026-01-01T00:00:10Z') },
];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}
interface Explained {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: Plan }];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe.each(filters.map((filter) => [JSON.stringify(filter), filter] as const))(
  'the list %s',
  (_name, filter) => {
    it('reads ranges of one index, first and later pages alike', async () => {
      const ctx = { em: app.runtime.orm.em.fork() };
      const first = await listUsers(ctx, { first: 20, filter });
      const recorded = await recordStatements(app.runtime);
      await listUsers(ctx, { first: 20, filter });
      await listUsers(ctx, { first: 20, filter, after: first.rows.at(-1)?.cursor });
      recorded.stop();
      const index = filter.email ? 'accounts_search' : 'accounts_list';
      const sent = recorded.sent.filter(({ text }) => text.includes('from accounts'));
      expect(sent).toHaveLength(2);
      for (const { text, values } of sent) {
        const statement = {
          name: `explain ${Math.random()}`,
          text: `explain (format json) ${text}`,
        };
        const [row] = await app.runtime.sql.query<Explained>(statement, values);
        const nodes = row ? nodesOf(row['QUERY PLAN'][0].Plan) : [];
        const types = nodes.map((node) => node['Node Type']);
        expect(types).not.toContain('Seq Scan');
        expect(types).not.toContain('Bitmap Heap Scan');
        const used = nodes.flatMap((node) => node['Index Name'] ?? []);
        expect(new Set(used)).toEqual(new Set([index]));
      }
    });
  },
);

it('rejects impossible arguments, and says what is possible', async () => {
  const messages = async (variables: object) => {
    const { errors } = await admin.users(variables);
    return Object.values(errors[0]?.extensions.fields ?? {});
  };
  const size = [['Must be from 1 to 100.']];
  expect(await messages({ first: 0 })).toEqual(size);
  expect(await messages({ first: 101 })).toEqual(size);
  expect(await messages({ filter: { email: 'a b' } })).toEqual([
    ['Enter the beginning of an e-mail address, without spaces.'],
  ]);
  const id = '019aab2c-5d0e-7f13-8a64-3c1b9d27e850';
  for (const content of [
    '',
    'x',
    `2026-02-30T00:00:00.000000Z ${id} a@b.de`,
    `2026-01-01T00:00:00.000000Z x a@b.de`,
    `2026-01-01T00:00:00.000000Z ${id} a\0b`,
  ]) {
    const after = Buffer.from(content).toString('base64url');
    expect(await messages({ after }), content).toEqual([
      ['Not a valid cursor. Use a cursor from an earlier page.'],
    ]);
  }
  const none = await app.graphql('{ user { id } }', {}, { token: admin.token });
  expect(none.errors[0]?.extensions.fields).toEqual({ id: ['Pass `id` or `email`.'] });
});

it('links the pages of REST', async () => {
  const token = admin.token;
  const query = 'email=grown-00000&first=4&status=ACTIVE';
  const first = await rest(app, 'GET', `/admin/users?${query}`, undefined, { token });
  const next = new URL(String(first.body.next));
  const second = await rest(
    app,
    'GET',
    `${next.pathname}${next.search}`.replace('/api/v1', ''),
    undefined,
    { token },
  );
  const emails = [first, second].flatMap(({ body }) =>
    (body.results as { email: string }[]).map(({ email }) => email.slice(6, 12)),
  );
  expect(emails).toEqual(['000003', '000004', '000005', '000006', '000007', '000008', '000009']);
  expect(second.body.next).toBeNull();
  const wrong = await rest(app, 'GET', '/admin/users?first=x&role=none&created_from=y', undefined, {
    token,
  });
  expect([wrong.status, wrong.body.errors]).toEqual([
    400,
    {
      first: ['Not a valid integer.'],
      role: ['Must be one of the allowed values.'],
      created_from: [
        'Enter a date (2026-11-22), or a date and time with its offset (2026-11-22T10:38:44Z).',
      ],
    },
  ]);
});

it('shows a user by address or id, also on the command line', async () => {
  const ada = new Person(app);
  await ada.signUp(undefined, { firstName: 'Ada' });
  const { output } = await command(app, 'users', `show ${ada.email} --json`);
  const shown = JSON.parse(output);
  expect(shown).toMatchObject({
    email: ada.email,
    firstName: 'Ada',
    status: 'ACTIVE',
    metadata: {},
  });
  const { data } = await admin.user(shown.id);
  expect(data?.user).toEqual(shown);

  const list = await command(app, 'users', 'list --email grown-00000 --first 3');
  expect(list.code).toBe(0);
  const lines = list.output.trim().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(
    /^[\da-f-]{36} {2}grown-000001@example\.com {2}USER {2}UNVERIFIED {2}2026-01-01T00:00:00Z {2}-$/,
  );
  const [, after] = /^More users: add --after (\S+)$/.exec(lines[4] ?? '') ?? [];
  const { output: more } = await command(
    app,
    'users',
    `list --email grown-00000 --json --after ${after}`,
  );
  expect(JSON.parse(more)).toMatchObject({ users: { length: 6 }, next: null });
  expect(await command(app, 'users', 'list --first 0')).toEqual({
    code: 2,
    output: 'first: Must be from 1 to 100.\n',
  });
  expect((await command(app, 'users', 'list --created-from yesterday')).code).toBe(2);
});

import { useEffect, useState } from 'preact/hooks';
import type { ManagedFragment, UserFilter } from '../../client/generated/graphql.ts';
import { client } from './client.ts';
import { usePages } from './load.ts';
import { Badge, Empty, Failure, Field, Heading, Loading, Moment, More, Select } from './parts.tsx';
import { linkTo, type Params, replaceRoute } from './route.ts';
import { dayText } from './texts.ts';

/** Searches and lists users. The URL holds the filter. */
export function Users({ params }: { params: Params }) {
  const { email = '', role = '', status = '' } = params;
  const filter = {
    ...(email && { email }),
    ...(role && { role }),
    ...(status && { status }),
  } as UserFilter;
  const list = usePages(JSON.stringify(filter), (after) =>
    client.users({ first: 25, filter, ...(after && { after }) }),
  );
  const change = (changes: Params) => replaceRoute(linkTo('users', { ...params, ...changes }));
  return (
    <>
      <Heading title="Users" lead="The newest first, or by address while you search." />
      <search class="filters">
        <Search email={email} onChange={(text) => change({ email: text })} />
        <Select
          label="Role"
          value={role}
          options={[
            ['', 'Any role'],
            ['ADMIN', 'Administrators'],
            ['USER', 'Users'],
          ]}
          onChange={(value) => change({ role: value })}
        />
        <Select
          label="Status"
          value={status}
          options={[['', 'Any status'], ...statuses]}
          onChange={(value) => change({ status: value })}
        />
      </search>
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {!list.rows && list.isLoading && <Loading />}
      {list.rows?.length === 0 && <Empty>No user matches.</Empty>}
      {list.rows && list.rows.length > 0 && <Table rows={list.rows} isBusy={list.isLoading} />}
      <More has={list.hasMore} busy={list.isLoading} more={list.more} />
    </>
  );
}

const statuses = [
  ['ACTIVE', 'Active'],
  ['UNVERIFIED', 'Unverified'],
  ['DISABLED', 'Disabled'],
] as const;

/** The search by address. Applies when typing pauses. */
function Search({ email, onChange }: { email: string; onChange(text: string): void }) {
  const [text, setText] = useState(email);
  useEffect(() => setText(email), [email]);
  useEffect(() => {
    if (text.trim() === email) return;
    const timer = setTimeout(() => onChange(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Field label="Address begins with">
      <input
        type="search"
        autocomplete="off"
        spellcheck={false}
        maxLength={254}
        placeholder="ada@"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
    </Field>
  );
}

const tones = { ACTIVE: 'good', UNVERIFIED: 'warn', DISABLED: 'bad' } as const;

export const Status = ({ user }: { user: ManagedFragment }) => (
  <Badge tone={tones[user.status]}>{user.status.toLowerCase()}</Badge>
);

export const Role = ({ role }: { role: string }) =>
  role === 'ADMIN' ? <Badge tone="accent">admin</Badge> : <span class="quiet">user</span>;

const Table = ({ rows, isBusy }: { rows: readonly ManagedFragment[]; isBusy: boolean }) => (
  <div class="table" aria-busy={isBusy}>
    <table>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col" class="wide">
            Name
          </th>
          <th scope="col">Role</th>
          <th scope="col">Status</th>
          <th scope="col" class="wide">
            Created
          </th>
          <th scope="col" class="wide">
            Last sign-in
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((user) => (
          <tr key={user.id}>
            <td class="main">
              <a href={linkTo(`users/${user.id}`)}>{user.email}</a>
            </td>
            <td class="wide">{nameOf(user) || <span class="quiet">–</span>}</td>
            <td>
              <Role role={user.role} />
            </td>
            <td>
              <Status user={user} />
            </td>
            <td class="wide">{dayText(user.createdAt)}</td>
            <td class="wide">
              {user.lastLoginAt ? (
                <Moment at={user.lastLoginAt} />
              ) : (
                <span class="quiet">never</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

export const nameOf = ({ firstName, lastName }: ManagedFragment): string =>
  [firstName, lastName].filter(Boolean).join(' ');

import { useState } from 'preact/hooks';
import { client } from './client.ts';
import { EventTable } from './event-table.tsx';
import { useLoad } from './load.ts';
import { Badge, Copy, Empty, Failure, Heading, Loading, Moment } from './parts.tsx';
import { linkTo } from './route.ts';
import { dayText, duration } from './texts.ts';
import { type Action, actionsFor, type ShownUser, UserAction } from './user-actions.tsx';
import { nameOf, Role, Status } from './users.tsx';

/** Shows a user with sessions, locks and recent events, and what an administrator can do. */
export function UserPage({ id }: { id: string }) {
  const found = useLoad(id, () => client.user({ id }));
  const [action, setAction] = useState<Action>();
  const [notice, setNotice] = useState('');
  const user = found.data;
  if (!user) {
    return (
      <>
        <Heading title="User" />
        {found.error ? <Failure error={found.error} retry={found.reload} /> : <Loading />}
      </>
    );
  }
  const finish = (text: string) => {
    setAction(undefined);
    setNotice(text);
    if (action?.name === 'delete') location.hash = linkTo('users');
    else found.reload();
  };
  return (
    <>
      <p class="back">
        <a href={linkTo('users')}>Users</a>
      </p>
      <Heading title={user.email} lead={nameOf(user)}>
        <button type="button" onClick={found.reload} disabled={found.isLoading}>
          Refresh
        </button>
      </Heading>
      <p role="status" class="notice">
        {notice}
      </p>
      {found.error && <Failure error={found.error} retry={found.reload} />}
      <div class="columns">
        <Facts user={user} />
        <section class="panel">
          <h2>Actions</h2>
          <ul class="choices">
            {actionsFor(user).map((each) => (
              <li key={each.name}>
                <button
                  type="button"
                  class={each.name === 'delete' ? 'danger' : ''}
                  onClick={() => setAction(each)}
                >
                  {each.title}
                </button>
                <span class="quiet">{each.about}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <Locks user={user} />
      <Sessions user={user} />
      <Events email={user.email} />
      {action && (
        <UserAction
          email={user.email}
          action={action}
          onDone={finish}
          onClose={() => setAction(undefined)}
        />
      )}
    </>
  );
}

const Facts = ({ user }: { user: ShownUser }) => (
  <section class="panel">
    <h2>Account</h2>
    <dl>
      <dt>Status</dt>
      <dd>
        <Status user={user} />
      </dd>
      <dt>Role</dt>
      <dd>
        <Role role={user.role} />
      </dd>
      <dt>Password</dt>
      <dd>{user.hasPassword ? 'set' : 'none: signs in with codes'}</dd>
      <dt>Second factor</dt>
      <dd>{user.hasFactor ? 'enrolled' : 'none'}</dd>
      <dt>Created</dt>
      <dd>{dayText(user.createdAt)}</dd>
      <dt>Last sign-in</dt>
      <dd>{user.lastLoginAt ? <Moment at={user.lastLoginAt} /> : 'never'}</dd>
      {user.disabledAt && (
        <>
          <dt>Disabled</dt>
          <dd>
            <Moment at={user.disabledAt} />
          </dd>
        </>
      )}
      <dt>Audit events</dt>
      <dd>{user.counts.auditEvents.toLocaleString()}</dd>
      <dt>ID</dt>
      <dd>
        <code>{user.id}</code> <Copy text={user.id} />
      </dd>
      {Object.keys(user.metadata ?? {}).length > 0 && (
        <>
          <dt>Metadata</dt>
          <dd>
            <pre>{JSON.stringify(user.metadata, null, 2)}</pre>
          </dd>
        </>
      )}
    </dl>
  </section>
);

function Locks({ user: { locks } }: { user: ShownUser }) {
  return (
    <section>
      <h2>Locks</h2>
      {locks === null && <Empty>Unknown while Redis is unavailable.</Empty>}
      {locks?.length === 0 && <Empty>No limit of this address is used up.</Empty>}
      {locks && locks.length > 0 && (
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Limit</th>
                <th scope="col">Applies to</th>
                <th scope="col">Ends in</th>
              </tr>
            </thead>
            <tbody>
              {locks.map(({ limit, subject, unlockIn }) => (
                <tr key={limit + subject}>
                  <td>
                    <code>{limit}</code>
                  </td>
                  <td>{subject}</td>
                  <td>{duration(unlockIn)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Sessions({ user: { sessions } }: { user: ShownUser }) {
  return (
    <section>
      <h2>Sessions</h2>
      {sessions.length === 0 ? (
        <Empty>No active session.</Empty>
      ) : (
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Device</th>
                <th scope="col" class="wide">
                  Started
                </th>
                <th scope="col">Last used</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((session) => (
                <tr key={session.id}>
                  <td class="main agent" title={session.userAgent}>
                    {session.userAgent || <span class="quiet">Unknown device</span>}
                    <small>
                      {session.ipAddress} {session.current && <Badge tone="accent">this one</Badge>}
                    </small>
                  </td>
                  <td class="wide">
                    <Moment at={session.createdAt} />
                  </td>
                  <td>
                    <Moment at={session.lastUsedAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The newest events of the address. */
function Events({ email }: { email: string }) {
  const found = useLoad(email, () => client.auditLogs({ first: 10, filter: { email } }));
  const rows = found.data?.edges.map(({ node }) => node);
  return (
    <section>
      <h2>Recent events</h2>
      {found.error && <Failure error={found.error} retry={found.reload} />}
      {!rows && !found.error && <Loading />}
      {rows?.length === 0 && <Empty>No event of this address.</Empty>}
      {rows && rows.length > 0 && (
        <>
          <EventTable rows={rows} isBusy={found.isLoading} />
          <p class="more">
            <a href={linkTo('audit', { email })}>All events of this address</a>
          </p>
        </>
      )}
    </section>
  );
}

import { render, type VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ApiKeys } from './api-keys.tsx';
import { AuditLog } from './audit-log.tsx';
import { client } from './client.ts';
import { Enrolment } from './enrolment.tsx';
import { Live } from './live.tsx';
import { useStore } from './load.ts';
import { Outbox } from './outbox.tsx';
import { Overview } from './overview.tsx';
import { Empty, Heading, Loading } from './parts.tsx';
import { isFactorRequired, onFactorRequired, setFactorRequired } from './required-factor.ts';
import { linkTo, type Route, useRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';
import { SigningKeys } from './signing-keys.tsx';
import { StepUp } from './step-up-dialog.tsx';
import { UserPage } from './user-page.tsx';
import { Users } from './users.tsx';
import { WebhookPage } from './webhook-page.tsx';
import { Webhooks } from './webhooks.tsx';

interface Section {
  readonly name: string;
  readonly title: string;
  readonly show: (route: Route) => VNode;
}

/** The sections, in the order of the navigation. */
const sections: readonly Section[] = [
  { name: '', title: 'Overview', show: ({ params }) => <Overview params={params} /> },
  {
    name: 'users',
    title: 'Users',
    show: ({ id, params }) => (id ? <UserPage key={id} id={id} /> : <Users params={params} />),
  },
  { name: 'audit', title: 'Audit log', show: ({ params }) => <AuditLog params={params} /> },
  { name: 'live', title: 'Live', show: () => <Live /> },
  { name: 'outbox', title: 'Outbox', show: () => <Outbox /> },
  { name: 'signing-keys', title: 'Signing keys', show: () => <SigningKeys /> },
  { name: 'api-keys', title: 'API keys', show: () => <ApiKeys /> },
  {
    name: 'webhooks',
    title: 'Webhooks',
    show: ({ id, params }) =>
      id ? <WebhookPage key={id} id={id} params={params} /> : <Webhooks />,
  },
];

function Console() {
  const { status, user } = useStore(client.onAuthStateChange, client.getState);
  const mustEnroll = useStore(onFactorRequired, isFactorRequired);
  useEffect(() => {
    setFactorRequired(false);
    // The role may have changed since the sign-in.
    if (status === 'signed-in') void client.me();
  }, [status, user?.id]);
  if (status === 'loading') return <Loading />;
  if (status === 'signed-out') return <SignIn />;
  if (user.role !== 'ADMIN') return <NotAllowed email={user.email} />;
  return (
    <>
      {mustEnroll ? <Enrolment /> : <Shell email={user.email} />}
      <StepUp />
    </>
  );
}

const LogOut = () => (
  <button type="button" onClick={() => void client.logout()}>
    Log out
  </button>
);

const NotAllowed = ({ email }: { email: string }) => (
  <main class="card">
    <h1>No access</h1>
    <p>
      The console is for administrators. <strong>{email}</strong> is not one.
    </p>
    <p class="quiet">Ask an administrator to change your role, or sign in with another account.</p>
    <LogOut />
  </main>
);

function Shell({ email }: { email: string }) {
  const route = useRoute();
  return (
    <div class="shell">
      <aside>
        <nav aria-label="Console">
          {sections.map(({ name, title }) => (
            <a
              key={name}
              href={linkTo(name)}
              aria-current={name === route.section ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <div class="account">
          <span title={email}>{email}</span>
          <LogOut />
        </div>
      </aside>
      <main>
        <Content {...route} />
      </main>
    </div>
  );
}

function Content(route: Route) {
  const section = sections.find(({ name }) => name === route.section);
  if (section) return section.show(route);
  return (
    <>
      <Heading title="Not found" />
      <Empty>This section does not exist.</Empty>
    </>
  );
}

const root = document.querySelector('#console');
if (root) {
  root.replaceChildren();
  render(<Console />, root);
}

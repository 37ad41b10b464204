import {
  type AccountFragment,
  AuditLogsDocument,
  type AuditLogsQuery,
  MeDocument,
  UpdateProfileDocument,
  type UpdateProfileInput,
} from '../../client/generated/graphql.ts';
import { explain, onSubmit } from './forms.ts';
import { run, signOut } from './session.ts';
import { element, fill, say, show } from './views.ts';

const formatTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Shows who is signed in and what has happened lately. */
export async function openAccount(): Promise<void> {
  show('account');
  try {
    // Side by side: should both find the access token too old, one renewal serves them.
    const [{ me }] = await Promise.all([run(MeDocument, {}), loadEvents()]);
    showUser(me);
  } catch (error) {
    explain(error);
  }
}

onSubmit<UpdateProfileInput>('updateProfile', async ({ firstName, lastName }) => {
  const input = { firstName: firstName || null, lastName: lastName || null };
  const { updateProfile } = await run(UpdateProfileDocument, { input });
  showUser(updateProfile);
  say('Your profile is saved.');
});

onSubmit('auditLogs', loadEvents);

onSubmit('logout', async () => {
  try {
    await signOut();
  } finally {
    show('sign-in', 'You are logged out.');
  }
});

function showUser(user: AccountFragment): void {
  const { email, firstName, lastName, hasPassword, role, createdAt } = user;
  fill('account', {
    email,
    name: [firstName, lastName].filter(Boolean).join(' ') || '–',
    password: hasPassword ? 'set' : 'none: you sign in with codes',
    role: role.toLowerCase(),
    since: formatTime.format(new Date(createdAt)),
  });
  element<HTMLInputElement>('#account [name=firstName]').value = firstName ?? '';
  element<HTMLInputElement>('#account [name=lastName]').value = lastName ?? '';
}

async function loadEvents(): Promise<void> {
  const { auditLogs } = await run(AuditLogsDocument, { first: 8 });
  element('#account tbody').replaceChildren(...auditLogs.edges.map(({ node }) => rowOf(node)));
}

type AuditEvent = NonNullable<AuditLogsQuery['auditLogs']>['edges'][number]['node'];

function rowOf({ event, createdAt, ipAddress }: AuditEvent): HTMLTableRowElement {
  const row = document.createElement('tr');
  for (const text of [event, formatTime.format(new Date(createdAt)), ipAddress]) {
    row.insertCell().textContent = text;
  }
  return row;
}

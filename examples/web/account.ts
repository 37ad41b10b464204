import {
  type AccountFragment,
  AuditLogsDocument,
  type AuditLogsQuery,
  ChangePasswordDocument,
  type ChangePasswordInput,
  MeDocument,
  UpdateProfileDocument,
  type UpdateProfileInput,
} from '../../client/generated/graphql.ts';
import { loadFactors } from './factors.ts';
import { explain, onSubmit } from './forms.ts';
import { passkeys } from './passkey-client.ts';
import { loadPasskeys } from './passkey-list.ts';
import { run, signOut } from './session.ts';
import { loadSessions } from './sessions.ts';
import { loadTrustedDevices } from './trusted-devices.ts';
import { element, fill, formatTime, say, show } from './views.ts';

/** Shows the signed-in account, its sessions and its recent events. */
export async function openAccount(): Promise<void> {
  show('account');
  try {
    // In parallel: if the access token has expired, the client renews it once for all six.
    const [{ me }] = await Promise.all([
      run(MeDocument, {}),
      loadSessions(),
      loadPasskeys(),
      loadFactors(),
      loadTrustedDevices(),
      loadEvents(),
    ]);
    showUser(me);
  } catch (error) {
    explain(error);
  }
}

onSubmit<UpdateProfileInput>('updateProfile', async ({ firstName, lastName }) => {
  const input = { firstName: firstName || null, lastName: lastName || null };
  const { updateProfile } = await run(UpdateProfileDocument, { input });
  showUser(updateProfile);
  await passkeys.updateDetails(updateProfile);
  say('Your profile was saved.');
});

onSubmit<ChangePasswordInput>('changePassword', async (input) => {
  await run(ChangePasswordDocument, { input });
  element<HTMLFormElement>('form[name=changePassword]').reset();
  await Promise.all([loadSessions(), loadTrustedDevices()]);
  say('Your password was changed. All other sessions have ended.');
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
  element('#no-password').hidden = hasPassword;
  element('form[name=changePassword]').hidden = !hasPassword;
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
  // Lets a long IPv6 address wrap after its colons.
  const from = ipAddress.replaceAll(':', ':\u200b');
  for (const text of [wordsOf(event), formatTime.format(new Date(createdAt)), from]) {
    row.insertCell().textContent = text;
  }
  return row;
}

/** `OTP_VERIFIED` as `Code verified`. */
function wordsOf(event: string): string {
  const words = event.replace('OTP', 'CODE').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

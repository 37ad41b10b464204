import {
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  SessionsDocument,
  type SessionsQuery,
} from '../../client/generated/graphql.ts';
import { deviceButton, deviceItem } from './device-item.ts';
import { onSubmit } from './forms.ts';
import { run } from './session.ts';
import { loadTrustedDevices } from './trusted-devices.ts';
import { element, formatTime, say } from './views.ts';

type Session = NonNullable<SessionsQuery['sessions']>[number];

/** Lists the signed-in devices. Each other device has a button that ends its session. */
export async function loadSessions(): Promise<void> {
  const { sessions } = await run(SessionsDocument, {});
  element('#sessions').replaceChildren(...(sessions ?? []).map(itemOf));
}

onSubmit('revokeOtherSessions', async () => {
  const { revokeOtherSessions } = await run(RevokeOtherSessionsDocument, {});
  await Promise.all([loadSessions(), loadTrustedDevices()]);
  say(revokeOtherSessions.detail);
});

function itemOf(session: Session): HTMLLIElement {
  const { id, ipAddress, lastUsedAt, current } = session;
  const endSession = (device: string) => `End the session of ${device}`;
  return deviceItem(
    session,
    `${ipAddress} · ${formatTime.format(new Date(lastUsedAt))}`,
    current ? thisDevice() : deviceButton('End', endSession, session, () => end(id)),
  );
}

function thisDevice(): HTMLSpanElement {
  const text = document.createElement('span');
  text.textContent = 'This device';
  return text;
}

async function end(id: string): Promise<void> {
  const { revokeSession } = await run(RevokeSessionDocument, { input: { id } });
  await Promise.all([loadSessions(), loadTrustedDevices()]);
  say(revokeSession.detail);
}

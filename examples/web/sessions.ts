import {
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  SessionsDocument,
  type SessionsQuery,
} from '../../client/generated/graphql.ts';
import { explain, onSubmit } from './forms.ts';
import { run } from './session.ts';
import { element, formatTime, say } from './views.ts';

type Session = NonNullable<SessionsQuery['sessions']>[number];

/** Lists the signed-in devices. Each other device has a button that ends its session. */
export async function loadSessions(): Promise<void> {
  const { sessions } = await run(SessionsDocument, {});
  element('#sessions').replaceChildren(...(sessions ?? []).map(itemOf));
}

onSubmit('revokeOtherSessions', async () => {
  const { revokeOtherSessions } = await run(RevokeOtherSessionsDocument, {});
  await loadSessions();
  say(revokeOtherSessions.detail);
});

function itemOf({ id, userAgent, ipAddress, lastUsedAt, current }: Session): HTMLLIElement {
  const item = document.createElement('li');
  const device = document.createElement('strong');
  device.textContent = deviceOf(userAgent);
  const use = document.createElement('span');
  use.textContent = `${ipAddress} · ${formatTime.format(new Date(lastUsedAt))}`;
  item.append(device, use, current ? thisDevice() : endButton(id, deviceOf(userAgent)));
  return item;
}

function thisDevice(): HTMLSpanElement {
  const text = document.createElement('span');
  text.textContent = 'This device';
  return text;
}

function endButton(id: string, device: string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = 'End';
  button.ariaLabel = `End the session of ${device}`;
  button.addEventListener('click', () => {
    button.disabled = true;
    void end(id).catch((error: unknown) => {
      button.disabled = false;
      explain(error);
    });
  });
  return button;
}

async function end(id: string): Promise<void> {
  const { revokeSession } = await run(RevokeSessionDocument, { input: { id } });
  await loadSessions();
  say(revokeSession.detail);
}

/** Returns the browser and system of a user agent, or its first characters if they are unknown. */
function deviceOf(userAgent: string): string {
  const browser = /(Firefox|Edg|Chrome|Safari)\//.exec(userAgent)?.[1]?.replace('Edg', 'Edge');
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  if (browser) return system ? `${browser} on ${system.replace('Mac OS X', 'macOS')}` : browser;
  return userAgent.slice(0, 40) || 'Unknown device';
}

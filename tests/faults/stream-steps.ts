import { randomInt } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { anyOf } from './password-steps.ts';
import { isSignedIn, present } from './session-steps.ts';
import type { Device, SimulatedUser } from './simulated-user.ts';
import type { Step } from './steps.ts';

/** Milliseconds for which a device listens before it is signed out, at most. */
const LISTENING = 4000;
/** Milliseconds after which an end that was not seen is a failure: longer than any fault of a server. */
const LATEST = 30_000;
/** Milliseconds before a client subscribes again. */
const AGAIN = 300;

/** The news of a stream: the end of the session, that the token is not valid, or nothing. */
type Told = 'ended' | 'rejected' | 'nothing';

/** Subscribes once, and resolves when the stream is over. */
function listen(
  url: string,
  { from, access, signal }: { from: string; access: string; signal: AbortSignal },
): Promise<Told> {
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    authorization: `Bearer ${access}`,
  };
  const options = { method: 'POST', headers, localAddress: from, agent: false, signal } as const;
  return new Promise((resolve) => {
    const outgoing = httpRequest(`${url}/graphql`, options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('error', () => undefined);
      incoming.on('close', () => {
        if (/"sessionEnded":"/.test(text)) resolve('ended');
        else resolve(/"UNAUTHENTICATED"/.test(text) ? 'rejected' : 'nothing');
      });
    });
    outgoing.on('error', () => resolve('nothing'));
    outgoing.end(JSON.stringify({ query: 'subscription { sessionEnded }' }));
  });
}

/**
 * Listens like a client, at one server after another, until it is told the end. A server with another
 * clock may reject the token before.
 */
async function listenUntilEnd(
  { world, from }: SimulatedUser,
  { access }: Device,
  signal: AbortSignal,
  isOver: () => boolean,
): Promise<number | undefined> {
  for (let streams = 1; !signal.aborted; streams += 1) {
    const { url = '' } = world.servers[randomInt(world.servers.length)] ?? {};
    const told = await listen(url, { from, access, signal });
    if (told === 'ended' || (told === 'rejected' && isOver())) return streams;
    await pause(AGAIN, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** Signs a device out while it listens: it learns of it, whatever happens to its stream. */
async function signOutListener(user: SimulatedUser): Promise<void> {
  const { ledger } = user.world;
  const device = anyOf(user.live);
  const leaving = new AbortController();
  let isOver = false;
  const end = listenUntilEnd(user, device, leaving.signal, () => isOver);
  const early = await Promise.race([end, pause(randomInt(LISTENING), 'none')]);
  if (early !== 'none') ledger.surprise(user.email, 'a stream told the end of a live session');
  const { outcome } = await present(user, 'logout', device, device.chain.at(-1));
  if (outcome === 'unknown') device.state = 'unsure';
  if (outcome === 'acknowledged') {
    const at = Date.now();
    isOver = true;
    device.state = 'ended';
    const streams = await Promise.race([end, pause(LATEST, undefined, { signal: leaving.signal })]);
    ledger.ends.push({ email: user.email, at, took: Date.now() - at, streams });
  }
  leaving.abort();
}

/** Steps of devices that listen for the end of their session. */
export const streamSteps: readonly Step[] = [
  { weight: 0.7, when: isSignedIn, take: signOutListener },
];

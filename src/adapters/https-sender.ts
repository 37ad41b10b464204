import { lookup, Resolver } from 'node:dns/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DeliveryError, type SendWebhook, type WebhookRequest } from '../ports/webhook-sender.ts';

/** Milliseconds from the look-up of the name to the status of the response. */
const TIMEOUT = 10_000;
/** Bytes, and milliseconds after its status, at which the connection of a response is closed. */
const MAX_RESPONSE = { bytes: 64 * 1024, time: 1000 };
/** Informational responses (1xx) before the final one. An endless stream of them would occupy a core. */
const MAX_INFORMATIONAL = 10;

/** Returns all IP addresses of a host name. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface SenderOptions {
  /** Decides about each address of the receiver, and whether it needs TLS. */
  readonly isAllowed: (address: string, isSecure: boolean) => boolean;
  readonly resolve: ResolveName;
  /** Authorities besides those of Node.js. */
  readonly ca?: string;
}

/** Resolves names in the DNS alone, and holds no thread while a name server is slow. */
export const resolvePublic: ResolveName = async (name) => {
  const resolver = new Resolver({ timeout: 3000, tries: 2 });
  const results = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = results.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (found.length > 0) return found;
  throw (results[0] as PromiseRejectedResult).reason;
};

/** Resolves names as other programs of this machine do, such as `localhost`. */
export const resolveLocal: ResolveName = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Returns a function that sends one POST request. It resolves the name once, checks every address, and
 * connects to those very addresses, so that a name that changes in between reaches nothing else. It
 * follows no redirect, uses no proxy and no earlier connection, and keeps nothing of the response.
 */
export function createHttpsSender({ isAllowed, resolve, ca }: SenderOptions): SendWebhook {
  const secure = new Agent({ keepAlive: false, rejectUnauthorized: true, ...(ca && { ca }) });
  const plain = new HttpAgent({ keepAlive: false });
  const send = async (message: WebhookRequest, signal: AbortSignal) => {
    const { hostname, protocol } = new URL(message.url);
    const isSecure = protocol === 'https:';
    const host = hostname.replace(/^\[(.+)\]$/, '$1');
    const addresses = isIP(host) ? [host] : await untilAborted(resolve(host), signal);
    const areAllowed = addresses.every((address) => isAllowed(address, isSecure));
    if (addresses.length === 0 || !areAllowed) throw new DeliveryError('REFUSED_ADDRESS');
    return post(message, addresses, isSecure ? secure : plain, signal);
  };
  return async (message) => {
    const signal = AbortSignal.timeout(TIMEOUT);
    const status = await send(message, signal).catch((error) => {
      throw error instanceof DeliveryError
        ? error
        : new DeliveryError(codeOf(error, signal), error);
    });
    if (status < 200 || status > 299) throw new DeliveryError(`HTTP ${status}`);
  };
}

const codeOf = ({ code, name }: NodeJS.ErrnoException, { aborted }: AbortSignal): string =>
  aborted ? 'TIMEOUT' : (code ?? name);

const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });

/** Connects to one of the addresses. @returns the status of the response */
function post(
  { url, headers, body }: WebhookRequest,
  addresses: readonly string[],
  agent: Agent | HttpAgent,
  signal: AbortSignal,
): Promise<number> {
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookupChecked: LookupFunction = (_name, { all }, done) => {
    const [first] = checked;
    if (all) done(null, checked);
    else done(null, first?.address ?? '', first?.family);
  };
  const send = agent instanceof Agent ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const length = `${Buffer.byteLength(body)}`;
    const request = send(url, {
      ...{ method: 'POST', agent, lookup: lookupChecked, signal },
      headers: { ...headers, 'content-length': length },
    });
    request.on('error', reject);
    request.on('close', () => reject(new DeliveryError('NO_RESPONSE')));
    let informational = 0;
    request.on('information', () => {
      informational += 1;
      if (informational <= MAX_INFORMATIONAL) return;
      reject(new DeliveryError('NO_RESPONSE'));
      request.destroy();
    });
    request.on('response', (response) => {
      const { statusCode = 0 } = response;
      resolve(discard(response).then(() => statusCode));
    });
    request.end(body);
  });
}

/**
 * Reads and discards a response up to `MAX_RESPONSE`, so that the receiver can finish writing it. Resolves
 * when the connection is closed: until then, the delivery counts as running.
 */
function discard(response: IncomingMessage): Promise<void> {
  let read = 0;
  const timer = setTimeout(() => response.destroy(), MAX_RESPONSE.time);
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > MAX_RESPONSE.bytes) response.destroy();
  });
  response.on('error', () => undefined);
  return new Promise((resolve) => {
    response.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

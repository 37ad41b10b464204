import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { LRUCache } from 'lru-cache';
import type { Client } from '../context.ts';
import { addressOf, createTrust, networksOf } from './ip-prefix.ts';
import type { Edge, Step } from './request-state.ts';

/** Kept characters of a user agent. */
const MAX_USER_AGENT = 512;

/** Clients whose networks are remembered, because computing them costs several microseconds. */
const REMEMBERED = 1000;

/**
 * Determines the client from the socket, and from `X-Forwarded-For` as far as trusted proxies wrote
 * it (ASVS 5.0 4.1.3). Closes a connection that its client has already reset.
 */
export function clientIp({ config: { trustProxy }, log }: Edge): Step {
  const ipOf = createIpReader(trustProxy);
  const clients = new LRUCache({ max: REMEMBERED, memoMethod: describeIp });
  let isQuiet = trustProxy.length > 0;
  return (state) => {
    const { headers, socket } = state.request;
    if (!socket.remoteAddress) {
      socket.destroy();
      return true;
    }
    const forwarded = String(headers['x-forwarded-for'] ?? '');
    if (forwarded && !isQuiet) {
      isQuiet = true;
      log.warn(
        {},
        'TRUST_PROXY is not set, so X-Forwarded-For is ignored. Set it to the address of your reverse proxy.',
      );
    }
    const client = clients.memo(ipOf(socket.remoteAddress, forwarded));
    const acceptLanguage = headers['accept-language'];
    state.client = { ...client, userAgent: userAgentOf(headers), acceptLanguage };
  };
}

/** Creates a function that walks from the nearest hop outwards while each is a trusted proxy. */
function createIpReader(trusted: readonly string[]) {
  const isTrusted = createTrust(trusted);
  return (remoteAddress: string, forwarded: string): string => {
    let ip = remoteAddress;
    for (const hop of forwarded ? forwarded.split(',').reverse() : []) {
      const text = isTrusted(addressOf(ip)) ? withoutPort(hop) : '';
      if (!isIP(text)) break;
      ip = text;
    }
    return ip;
  };
}

/** Strips the port that some proxies add, as in `1.2.3.4:56` and `[::1]:56`. */
function withoutPort(text: string): string {
  const hop = text.trim();
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
}

function describeIp(text: string): Omit<Client, 'userAgent' | 'acceptLanguage'> {
  const address = addressOf(text);
  const networks = networksOf(address);
  return { ip: address.toString(), networks, prefix: networks.at(-1) ?? '' };
}

const userAgentOf = (headers: IncomingHttpHeaders): string =>
  (headers['user-agent'] ?? '')
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, MAX_USER_AGENT);

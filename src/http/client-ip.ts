import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Client } from '../context.ts';
import type { Log } from '../ports/logger.ts';
import { addressOf, createTrust, prefixOf } from './ip-prefix.ts';

/** What is kept of a user agent, in characters. */
const MAX_USER_AGENT = 512;

/**
 * Who asks, seen from the socket. A forwarding header counts only as far as `trusted` proxies
 * vouch for it (ASVS 5.0 4.1.3); from anybody else it is ignored, and warned of once.
 *
 * @param trusted addresses or CIDR networks
 * @returns a reader; it finds nobody where the connection has gone already
 */
export function createClientReader(
  trusted: readonly string[],
): (request: IncomingMessage, log: Log) => Client | undefined {
  const isTrusted = createTrust(trusted);
  let warned = false;

  return (request, log) => {
    const { remoteAddress } = request.socket;
    if (!remoteAddress) return undefined;
    let address = addressOf(remoteAddress);
    const forwarded = String(request.headers['x-forwarded-for'] ?? '');
    if (forwarded && trusted.length === 0 && !warned) {
      warned = true;
      log.warn({}, 'X-Forwarded-For is ignored: TRUST_PROXY names no proxy');
    }
    // From the nearest hop outwards, for as long as each is a proxy that is trusted.
    for (const hop of forwarded.split(',').reverse()) {
      const text = isTrusted(address) ? withoutPort(hop) : '';
      if (!isIP(text)) break;
      address = addressOf(text);
    }
    return { ip: address.toString(), prefix: prefixOf(address), userAgent: userAgentOf(request) };
  };
}

/** `1.2.3.4:56` and `[::1]:56` as some proxies write them. */
function withoutPort(text: string): string {
  const hop = text.trim();
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
}

function userAgentOf(request: IncomingMessage): string {
  const text = request.headers['user-agent'] ?? '';
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, MAX_USER_AGENT);
}

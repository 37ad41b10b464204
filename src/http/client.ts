import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Client } from '../context.ts';
import type { Log } from '../ports.ts';

type Address = ReturnType<typeof ipaddr.process>;

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
  log: Log,
): (request: IncomingMessage) => Client | undefined {
  const networks = trusted.map((text) =>
    ipaddr.parseCIDR(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`),
  );
  const isTrusted = (address: Address) =>
    networks.some(([network, bits]) => {
      return network.kind() === address.kind() && address.match(network, bits);
    });
  let warned = false;

  return (request) => {
    const { remoteAddress } = request.socket;
    if (!remoteAddress) return undefined;
    let address = addressOf(remoteAddress);
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .reverse();
    if (forwarded[0] && networks.length === 0 && !warned) {
      warned = true;
      log.warn({}, 'X-Forwarded-For is ignored: TRUST_PROXY names no proxy');
    }
    // From the nearest hop outwards, for as long as each is a proxy that is trusted.
    for (const hop of forwarded.map(withoutPort)) {
      if (!isTrusted(address) || !isIP(hop)) break;
      address = addressOf(hop);
    }
    return { ip: address.toString(), prefix: prefixOf(address), userAgent: userAgentOf(request) };
  };
}

/** IPv4 in IPv6 becomes IPv4, and the zone of a link-local address goes. */
const addressOf = (text: string): Address => ipaddr.process(text.replace(/%.*$/, ''));

/** `1.2.3.4:56` and `[::1]:56` as some proxies write them. */
function withoutPort(text: string): string {
  const hop = text.trim();
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');
}

/** /32 for IPv4 (IPv4-mapped IPv6 counts as IPv4), /64 for IPv6. */
function prefixOf(address: Address): string {
  if (address.kind() === 'ipv4') return `${address.toString()}/32`;
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`);
  return `${network.toString()}/64`;
}

function userAgentOf(request: IncomingMessage): string {
  const text = request.headers['user-agent'] ?? '';
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '')
    .slice(0, MAX_USER_AGENT);
}

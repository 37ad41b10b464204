import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Parses an IP address. IPv4 in IPv6 becomes IPv4; drops the zone of a link-local address. */
export const addressOf = (text: string): Address => ipaddr.process(text.replace(/%.*$/, ''));

/**
 * Prefix lengths of the networks around a client, widest first. The last one counts as one client.
 * One owner can have a whole IPv6 /48, which has 65,536 networks of size /64.
 */
const prefixLengths = { ipv4: [24, 32], ipv6: [48, 56, 64] } as const;

/** Returns the networks around an address, widest first. The last one identifies the client. */
export function networksOf(address: Address): readonly string[] {
  const kind = address.kind();
  const family = kind === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return prefixLengths[kind].map((bits) => {
    const network = family.networkAddressFromCIDR(`${address.toString()}/${bits}`);
    return `${network.toString()}/${bits}`;
  });
}

/** Creates a check whether one of the trusted addresses or CIDR networks contains an address. */
export function createTrust(trusted: readonly string[]): (address: Address) => boolean {
  const networks = trusted.map(parseNetwork);
  return (address) =>
    networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
    );
}

/** Creates a check whether a trusted proxy sent a request. */
export function createProxyTrust(
  trusted: readonly string[],
): (request: IncomingMessage) => boolean {
  const isTrusted = createTrust(trusted);
  return ({ socket: { remoteAddress } }) =>
    remoteAddress !== undefined && isTrusted(addressOf(remoteAddress));
}

/** Parses a network. IPv4 networks in IPv6 become IPv4, as addresses do. */
function parseNetwork(text: string): [Address, number] {
  const [network, bits] = ipaddr.parseCIDR(
    text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
  );
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [network.toIPv4Address(), bits - 96] : [network, bits];
}

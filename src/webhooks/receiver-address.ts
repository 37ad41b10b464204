import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const networks = (...ranges: readonly string[]) => ranges.map((each) => ipaddr.parseCIDR(each));

/** The only IPv6 network with public addresses; and networks in it for special purposes (IANA). */
const global6 = networks('2000::/3');
const special = networks('2001::/23', '3fff::/20');

/** Metadata services of clouds in private networks: AWS, Google Cloud. */
const metadata = networks('fd00:ec2::/32', 'fd20:ce::/64');

/** A kind of address, which decides whether a webhook may connect to it. */
export type AddressKind = 'public' | 'private' | 'refused';

/**
 * Classifies an IP address. Refuses IPv6 addresses that embed an IPv4 address (mapped, compatible,
 * NAT64, 6to4, Teredo), whatever they embed, and link-local addresses and those with a zone.
 */
export function kindOfAddress(address: string): AddressKind {
  if (isIP(address) === 0 || address.includes('%')) return 'refused';
  const ip = ipaddr.parse(address);
  const isIn = (list: typeof metadata) =>
    list.some(([network, bits]) => network.kind() === ip.kind() && ip.match([network, bits]));
  if (isIn(metadata) || isIn(special)) return 'refused';
  const range = ip.range();
  if (range === 'private' || range === 'loopback' || range === 'uniqueLocal') return 'private';
  const isGlobal = ip.kind() === 'ipv4' || isIn(global6);
  return range === 'unicast' && isGlobal ? 'public' : 'refused';
}

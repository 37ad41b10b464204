import ipaddr from 'ipaddr.js';

export type Address = ReturnType<typeof ipaddr.process>;

/** IPv4 in IPv6 becomes IPv4, and the zone of a link-local address goes. */
export const addressOf = (text: string): Address => ipaddr.process(text.replace(/%.*$/, ''));

/** /32 for IPv4 (IPv4-mapped IPv6 counts as IPv4), /64 for IPv6. */
export function prefixOf(address: Address): string {
  if (address.kind() === 'ipv4') return `${address.toString()}/32`;
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`);
  return `${network.toString()}/64`;
}

/**
 * Tells whether an address is that of a trusted proxy.
 *
 * @param trusted addresses or CIDR networks
 */
export function createTrust(trusted: readonly string[]): (address: Address) => boolean {
  const networks = trusted.map(networkOf);
  return (address) =>
    networks.some(([network, bits]) => {
      return network.kind() === address.kind() && address.match(network, bits);
    });
}

/** A network of IPv4 addresses that is written as IPv6 becomes what its addresses become. */
function networkOf(text: string): [Address, number] {
  const [network, bits] = ipaddr.parseCIDR(
    text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
  );
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [network.toIPv4Address(), bits - 96] : [network, bits];
}

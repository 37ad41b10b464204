import ipaddr from 'ipaddr.js';

export type Address = ReturnType<typeof ipaddr.process>;

/** IPv4 in IPv6 becomes IPv4, and the zone of a link-local address goes. */
export const addressOf = (text: string): Address => ipaddr.process(text.replace(/%.*$/, ''));

/** /32 for IPv4 (IPv4-mapped IPv6 counts as IPv4), /64 for IPv6. */
export const prefixOf = (address: Address): string =>
  networkOf(address, address.kind() === 'ipv4' ? 32 : 64);

/** Returns the network with this prefix length that contains an address. */
export function networkOf(address: Address, bits: number): string {
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
}

/**
 * Tells whether an address is that of a trusted proxy.
 *
 * @param trusted addresses or CIDR networks
 */
export function createTrust(trusted: readonly string[]): (address: Address) => boolean {
  const networks = trusted.map(parseNetwork);
  return (address) =>
    networks.some(([network, bits]) => {
      return network.kind() === address.kind() && address.match(network, bits);
    });
}

/** A network of IPv4 addresses that is written as IPv6 becomes what its addresses become. */
function parseNetwork(text: string): [Address, number] {
  const [network, bits] = ipaddr.parseCIDR(
    text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`,
  );
  const isMapped = network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [network.toIPv4Address(), bits - 96] : [network, bits];
}

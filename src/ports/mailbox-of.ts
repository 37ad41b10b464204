/**
 * Returns the mailbox that an address leads to: without `+tag`, and for Gmail without dots. Never
 * groups more widely, because a whole domain can be one large provider.
 */
export function mailboxOf(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  const name = local.replace(/(?<=.)\+.*$/, '');
  if (domain !== 'gmail.com' && domain !== 'googlemail.com') return `${name}@${domain}`;
  return `${name.replaceAll('.', '')}@gmail.com`;
}

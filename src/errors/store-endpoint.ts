/** A service outside this process and the setting that names it. Holds no password. */
export interface Endpoint {
  readonly setting: string;
  readonly product: 'PostgreSQL' | 'Redis' | 'the mail server';
  /** `host:port`, or the path of a socket. */
  readonly address: string;
  readonly user: string;
  readonly database: string;
  /** The setting with the certificate of its private certificate authority. */
  readonly caSetting: string;
}

const defaultPorts: Readonly<Record<string, string>> = {
  'postgres:': '5432',
  'postgresql:': '5432',
  'redis:': '6379',
  'rediss:': '6379',
  'smtp:': '587',
  'smtps:': '465',
};

const products = {
  DATABASE: 'PostgreSQL',
  REDIS: 'Redis',
  QUEUE_REDIS: 'Redis',
  SMTP: 'the mail server',
} as const;

/** Returns the parts of a setting's URL that may be shown. */
export function endpointOf(name: keyof typeof products, url: string): Endpoint {
  const { protocol, hostname, port, username, pathname, searchParams } = new URL(url);
  const host = decodeURIComponent(searchParams.get('host') ?? hostname);
  const shownPort = searchParams.get('port') ?? (port || defaultPorts[protocol]);
  const user = decodeURIComponent(searchParams.get('user') ?? username);
  return {
    setting: `${name}_URL`,
    product: products[name],
    address: host.startsWith('/') ? host : `${host}:${shownPort}`,
    user: user || (products[name] === 'Redis' ? 'default' : ''),
    database: decodeURIComponent(pathname.slice(1)),
    caSetting: `${name.replace('QUEUE_', '')}_CA`,
  };
}

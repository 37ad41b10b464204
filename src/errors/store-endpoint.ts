/** A service outside this process and the setting that names it. Holds no password. */
export interface Endpoint {
  readonly setting: string;
  readonly product: 'PostgreSQL' | 'Redis' | 'the mail server';
  /** `host:port` of each host, or the path of a socket. */
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
  'redis+sentinel:': '26379',
  'rediss+sentinel:': '26379',
  'smtp:': '587',
  'smtps:': '465',
};

const products = {
  DATABASE: 'PostgreSQL',
  DATABASE_READ: 'PostgreSQL',
  REDIS: 'Redis',
  QUEUE_REDIS: 'Redis',
  SMTP: 'the mail server',
} as const;

/** Splits a URL with several hosts (`redis://a:1,b:2/0`) into one URL for each. */
export function hostUrls(url: string): [string, ...string[]] {
  const [, start = '', hosts = '', end = ''] =
    /^([^/]*\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/s.exec(url) ?? [];
  const [first = '', ...others] = hosts.split(',');
  return [start + first + end, ...others.map((host) => start + host + end)];
}

/** Returns the parts of a setting's URL that may be shown. */
export function endpointOf(name: keyof typeof products, url: string): Endpoint {
  const urls = hostUrls(url);
  const { username, pathname, searchParams } = new URL(urls[0]);
  const user = decodeURIComponent(searchParams.get('user') ?? username);
  return {
    setting: `${name}_URL`,
    product: products[name],
    address: urls.map(addressOf).join(', '),
    user: user || (products[name] === 'Redis' ? 'default' : ''),
    database: decodeURIComponent(pathname.slice(1)),
    caSetting: `${name.replace(/QUEUE_|_READ/, '')}_CA`,
  };
}

function addressOf(url: string): string {
  const { protocol, hostname, port, searchParams } = new URL(url);
  const host = decodeURIComponent(searchParams.get('host') ?? hostname);
  const shownPort = searchParams.get('port') ?? (port || defaultPorts[protocol]);
  return host.startsWith('/') ? host : `${host}:${shownPort}`;
}

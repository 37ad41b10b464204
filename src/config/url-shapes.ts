import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { hostUrls } from '../errors/store-endpoint.ts';
import { converted, host, oneOf } from './setting-shapes.ts';

/** Rules for the URL of a store or a mail server. */
interface Rules {
  readonly protocols: readonly string[];
  readonly path: RegExp;
  /** Message about any other path. */
  readonly pathRule: string;
  readonly options: Readonly<Record<string, z.ZodType>>;
  /** Cures for unknown options that are often tried. */
  readonly cures?: Readonly<Record<string, string>>;
  /** Whether the host may be the percent-encoded directory of a Unix socket. */
  readonly allowsSocket?: true;
  /** Returns the problem with the credentials, if any. */
  readonly credentials?: (user: string, password: string) => string | false;
}

/** A connection URL. Messages about it contain nothing of it except the names of options. */
const connectionUrl = (rules: Rules) => converted((text) => check(text, rules));

function check(text: string, rules: Rules): string {
  const url = parse(text, rules.protocols);
  const problem = partProblem(url, rules) || optionProblem(url, rules);
  if (problem) throw new Error(problem);
  return text;
}

/** @throws the problem; it is empty if the text is not a URL of this kind at all */
function parse(text: string, protocols: readonly string[]): URL {
  const url = URL.parse(text);
  if (/[\s\p{Cc}]/u.test(text)) throw new Error('it contains a space; percent-encode it as `%20`');
  if (!url || !protocols.includes(url.protocol) || url.hostname === '') {
    const example = 'for example `#` as `%23` and `/` as `%2F`';
    const hasUser = /^\w+:\/\/.*@/.test(text);
    throw new Error(hasUser ? `percent-encode special characters of the password, ${example}` : '');
  }
  try {
    decodeURIComponent([url.username, url.password, url.pathname, url.hostname].join(' '));
    return url;
  } catch {
    throw new Error('percent-encode the password: write `%` as `%25`');
  }
}

function partProblem(url: URL, { allowsSocket, path, pathRule, credentials }: Rules) {
  const name = decodeURIComponent(url.hostname);
  const isSocket = allowsSocket === true && name.startsWith('/');
  if (!isSocket && !host.safeParse(name).success) return 'it must contain exactly one host';
  if (url.port === '0') return 'the port must be from 1 to 65535';
  if (url.hash || url.href.endsWith('#')) return 'percent-encode `#` as `%23`';
  return path.test(url.pathname) ? credentials?.(url.username, url.password) : pathRule;
}

function optionProblem({ searchParams }: URL, { options, cures }: Rules): string | undefined {
  for (const [name, value] of searchParams) {
    const shape = Object.hasOwn(options, name) ? options[name] : undefined;
    const shown = /^\w{1,40}$/.test(name) ? ` \`${name}\`` : '';
    const supported = Object.keys(options).join(', ');
    const cure = cures?.[name] ?? `remove it (supported: ${supported})`;
    if (!shape) return `unknown option${shown}; ${cure}`;
    if (!shape.safeParse(value).success) return `option${shown} must be ${shape.description}`;
  }
  return undefined;
}

const readableFile = converted((path) => accessSync(path, constants.R_OK)).describe(
  'the path of a readable file',
);

const searchPath =
  'set the search path of the database role instead: `alter role NAME set search_path = SCHEMA`';

const postgres: Rules = {
  protocols: ['postgres:', 'postgresql:'],
  path: /^(\/[^/]*)?$/,
  pathRule: 'the path must be `/` followed by the database name',
  allowsSocket: true,
  options: {
    sslmode: oneOf('disable', 'no-verify', 'require', 'verify-ca', 'verify-full'),
    sslrootcert: readableFile,
    sslcert: readableFile,
    sslkey: readableFile,
    host: host.or(z.string().startsWith('/')).describe('a host or a directory'),
    sslnegotiation: oneOf('postgres', 'direct'),
    application_name: z.string(),
    options: z.string(),
    target_session_attrs: oneOf('read-write', 'primary'),
  },
  cures: {
    port: 'write the port after its host',
    hostaddr: 'write the address instead of the host name',
    load_balance_hosts: 'remove it; all connections go to the primary',
    ssl: 'write `sslmode=verify-full`, or `sslmode=disable`',
    schema: searchPath,
    currentSchema: searchPath,
    search_path: searchPath,
  },
};

/** One of several PostgreSQL servers. Its host precedes the path. */
const oneOfSeveral: Rules = {
  ...postgres,
  options: Object.fromEntries(Object.entries(postgres.options).filter(([name]) => name !== 'host')),
  cures: { ...postgres.cures, host: 'write all hosts before the path' },
};

const replica: Rules = {
  ...postgres,
  options: Object.fromEntries(
    Object.entries(postgres.options).filter(([name]) => name !== 'target_session_attrs'),
  ),
};

/** A PostgreSQL database, on one server or on several. The options are those of the driver. */
export const postgresUrl = converted((text) => {
  const urls = hostUrls(text);
  if (urls.length > 1 && urls.some((url) => /\/\/([^/?#]*@)?(:\d*)?([/?#]|$)/.test(url)))
    throw new Error('write a host before and after each comma');
  for (const url of urls) check(url, urls.length > 1 ? oneOfSeveral : postgres);
  return text;
}).describe('a URL like postgres://user:password@host:5432/database');

/** The replica of a PostgreSQL database, or a balancer in front of several. */
export const postgresReadUrl = converted((text) => {
  if (hostUrls(text).length > 1)
    throw new Error('write one host: a replica, or a load balancer in front of several');
  return check(text, replica);
}).describe('a URL like postgres://user:password@replica:5432/database');

const redis = {
  protocols: ['redis:', 'rediss:'],
  path: /^\/?\d*$/,
  pathRule: 'the path must be `/` followed by a database number, for example `/0`',
  options: { family: oneOf('4', '6'), cluster: oneOf('true') },
  cures: { db: 'write the database number as the path, for example `/1`' },
  credentials: (user, password) =>
    user !== '' && !password && 'write a colon before the password: redis://:password@host',
} satisfies Rules;

const cluster: Rules = {
  ...redis,
  path: /^\/?0?$/,
  pathRule: 'a Redis Cluster has only database 0; remove the path',
};

const sentinel: Rules = {
  ...redis,
  protocols: ['redis+sentinel:', 'rediss+sentinel:'],
  path: /^\/[\w.-]+(\/\d*)?$/,
  pathRule: 'the path must be the name of the primary, for example `/mymaster`',
  options: { family: oneOf('4', '6') },
};

/** One Redis, the nodes of a Redis Cluster, or the sentinels of a primary. */
export const redisUrl = converted((text) => {
  const urls = hostUrls(text);
  const isCluster = urls.length > 1 || /[?&]cluster=/.test(text);
  const rules = text.includes('+sentinel:') ? sentinel : isCluster ? cluster : redis;
  for (const url of urls) check(url, rules);
  return text;
}).describe('a URL like redis://:password@host:6379/0');

export const smtpUrl = connectionUrl({
  protocols: ['smtp:', 'smtps:'],
  path: /^\/?$/,
  pathRule: 'remove the path',
  options: { tls: oneOf('off', 'required') },
  credentials: (user, password) =>
    Boolean(user) !== Boolean(password) && 'set both user and password, or neither',
}).describe('a URL like smtp://user:password@host:587');

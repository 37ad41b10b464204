import { accessSync, constants } from 'node:fs';
import { converted, host } from './setting-shapes.ts';

/** Rules for the URL of a store or a mail server. Checks return the problem with a value, if any. */
interface Rules {
  readonly protocols: readonly string[];
  readonly path: RegExp;
  /** Message about any other path. */
  readonly pathRule: string;
  readonly options: Readonly<Record<string, (value: string) => string | undefined>>;
  /** Cures for unknown options that are often tried. */
  readonly cures?: Readonly<Record<string, string>>;
  /** Whether the host may be the percent-encoded directory of a Unix socket. */
  readonly allowsSocket?: true;
  readonly credentials?: (user: string, password: string) => string | undefined;
}

/** A connection URL. Messages about it show nothing of it except the names of options. */
const connectionUrl = (rules: Rules) =>
  converted((text) => {
    const problem = problemOf(text, rules);
    if (problem !== undefined) throw new Error(problem);
    return text;
  });

/** Returns the problem with a URL; empty if the text is not a URL of this kind at all. */
function problemOf(text: string, rules: Rules): string | undefined {
  const url = URL.parse(text);
  if (/[\s\p{Cc}]/u.test(text)) return 'it contains a space; percent-encode it as `%20`';
  if (!url || !rules.protocols.includes(url.protocol) || url.hostname === '') {
    return /^\w+:\/\/.*@/.test(text)
      ? 'percent-encode special characters of the password, for example `#` as `%23` and `/` as `%2F`'
      : '';
  }
  if (![url.username, url.password, url.pathname, url.hostname].every(canBeDecoded)) {
    return 'percent-encode the password: write `%` as `%25`';
  }
  return partProblem(url, rules) ?? optionProblem(url, rules);
}

function partProblem(url: URL, rules: Rules): string | undefined {
  const name = decodeURIComponent(url.hostname);
  const isSocket = rules.allowsSocket === true && name.startsWith('/');
  if (!isSocket && !host.safeParse(name).success) return 'it must contain exactly one host';
  if (url.port === '0') return 'the port must be from 1 to 65535';
  if (url.hash || url.href.endsWith('#')) return 'percent-encode `#` as `%23`';
  if (!rules.path.test(url.pathname)) return rules.pathRule;
  return rules.credentials?.(url.username, url.password);
}

function optionProblem({ searchParams }: URL, { options, cures }: Rules): string | undefined {
  for (const [name, value] of searchParams) {
    const check = Object.hasOwn(options, name) ? options[name] : undefined;
    const shown = /^\w{1,40}$/.test(name) ? ` \`${name}\`` : '';
    if (!check) {
      const known = Object.keys(options).join(', ') || 'none';
      return `unknown option${shown}; ${cures?.[name] ?? `remove it (supported: ${known})`}`;
    }
    const problem = check(value);
    if (problem) return `option${shown} ${problem}`;
  }
  return undefined;
}

function canBeDecoded(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

const among =
  (...values: string[]) =>
  (value: string) =>
    values.includes(value) ? undefined : `must be ${values.join(', ')}`;

const anything = (): undefined => undefined;

function readableFile(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    return undefined;
  } catch {
    return 'must be the path of a readable file';
  }
}

const searchPath =
  'set the search path of the database role instead: `alter role NAME set search_path = SCHEMA`';

/** A PostgreSQL database. The options are those of the driver. */
export const postgresUrl = connectionUrl({
  protocols: ['postgres:', 'postgresql:'],
  path: /^(\/[^/]*)?$/,
  pathRule: 'the path must be `/` followed by the database name',
  allowsSocket: true,
  options: {
    sslmode: among('disable', 'no-verify', 'require', 'verify-ca', 'verify-full'),
    sslrootcert: readableFile,
    sslcert: readableFile,
    sslkey: readableFile,
    host: (value) =>
      value.startsWith('/') || host.safeParse(value).success
        ? undefined
        : 'must be a host or a directory',
    sslnegotiation: among('postgres', 'direct'),
    application_name: anything,
    options: anything,
  },
  cures: {
    ssl: 'write `sslmode=verify-full`, or `sslmode=disable`',
    schema: searchPath,
    currentSchema: searchPath,
    search_path: searchPath,
  },
}).describe('a URL like postgres://user:password@host:5432/database');

export const redisUrl = connectionUrl({
  protocols: ['redis:', 'rediss:'],
  path: /^\/?\d*$/,
  pathRule: 'the path must be `/` followed by a database number, for example `/0`',
  options: { family: among('4', '6') },
  cures: { db: 'write the database number as the path, for example `/1`' },
  credentials: (user, password) =>
    user && !password ? 'write a colon before the password: redis://:password@host' : undefined,
}).describe('a URL like redis://:password@host:6379/0');

export const smtpUrl = connectionUrl({
  protocols: ['smtp:', 'smtps:'],
  path: /^\/?$/,
  pathRule: 'remove the path',
  options: { tls: among('off', 'required') },
  credentials: (user, password) =>
    Boolean(user) === Boolean(password) ? undefined : 'set both user and password, or neither',
}).describe('a URL like smtp://user:password@host:587');

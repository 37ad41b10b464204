import type { Endpoint } from './store-endpoint.ts';

type Text = string | ((endpoint: Endpoint) => string);

/** A cause of failures and its cure, in words for an operator. */
export interface Cause {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly cure: Text;
  readonly isMisconfigured?: true;
  /** Replaces "cannot connect to" in the message. */
  readonly verb?: 'cannot use';
}

const isMisconfigured = true;
const verb = 'cannot use';

/** Known causes. The first match counts. */
export const causes: readonly Cause[] = [
  {
    pattern:
      /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED|UNABLE_TO|self-signed cert|unable to (get|verify)/,
    reason: 'its certificate comes from an unknown certificate authority',
    cure: ({ caSetting }) => `Set ${caSetting} to the certificate of that authority.`,
    isMisconfigured,
  },
  {
    pattern: /CERT_HAS_EXPIRED|certificate has expired/,
    reason: 'its certificate has expired',
    cure: 'Renew the certificate of the server.',
    isMisconfigured,
  },
  {
    pattern: /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate/,
    reason: 'its certificate is for another host',
    cure: 'Use a host name or IP address that the certificate lists.',
    isMisconfigured,
  },
  {
    pattern: /does not support SSL|ESTARTTLS|ETLS|STARTTLS|wrong version number|ERR_SSL/,
    reason: 'the server does not offer TLS here',
    cure: ({ product }) =>
      product === 'the mail server'
        ? 'Use the port that offers TLS, or add ?tls=off if you trust the network.'
        : 'Enable TLS on the server, or disable it in the URL.',
    isMisconfigured,
  },
  {
    pattern: /unsupported startup parameter/,
    reason: 'a connection pooler refuses a start-up parameter',
    cure: 'Add the parameter to ignore_startup_parameters of PgBouncer.',
    isMisconfigured,
  },
  // PostgreSQL: https://www.postgresql.org/docs/current/errcodes-appendix.html
  {
    pattern: /^28P01/,
    reason: 'the password is wrong, or the user does not exist',
    cure: ({ user }) => `Correct the user "${user}" or its password.`,
    isMisconfigured,
  },
  {
    pattern: /^28|must be a string/,
    reason: 'the server rejects this user',
    cure: ({ user }) =>
      `Check the user "${user}", its password, and pg_hba.conf, which may require TLS (sslmode=require).`,
    isMisconfigured,
  },
  {
    pattern: /^3D000/,
    reason: 'the database does not exist',
    cure: ({ database }) => `Create the database "${database}", or correct its name.`,
    isMisconfigured,
  },
  {
    pattern: /^42P01|^3F000/,
    reason: 'the database has no tables yet',
    cure: 'Run `npm run migrate` first.',
    isMisconfigured,
    verb,
  },
  {
    pattern: /^42501/,
    reason: 'the user lacks a privilege',
    cure: ({ user }) => `Make "${user}" the owner of the tables, or grant it the privilege.`,
    isMisconfigured,
    verb,
  },
  {
    pattern: /^53100|ENOSPC/,
    reason: 'the disk is full',
    cure: ({ product }) => `Free space on the disk of ${product}.`,
    verb,
  },
  {
    pattern: /^53300|^53400|max number of clients/,
    reason: 'too many connections',
    cure: ({ product }) => `Raise the connection limit of ${product}.`,
  },
  {
    pattern: /^25006/,
    reason: 'the server is read-only',
    cure: 'Point the URL at the primary, and check default_transaction_read_only.',
    verb,
  },
  {
    pattern: /^57P/,
    reason: 'the server is starting, stopping or recovering',
    cure: 'Gatehouse retries until the server is ready.',
  },
  // Redis puts its code first in the message.
  {
    pattern: /WRONGPASS|NOAUTH|no password is set|without any password|'auth' command/,
    reason: 'the user or the password is refused',
    cure: 'Write redis://USER:PASSWORD@HOST as Redis has them (without USER for the default user, without both if Redis asks for none).',
    isMisconfigured,
  },
  {
    pattern: /DB index|NOPERM.*'select'|SELECT is not allowed/,
    reason: 'the database number is refused',
    cure: 'Use a number that the server has, such as /0.',
    isMisconfigured,
  },
  {
    pattern: /NOPERM|ACL failure|can't run this command/,
    reason: 'the user lacks a permission',
    cure: ({ user }) =>
      `Allow the Redis user "${user || 'default'}" ~* &* +@all -@dangerous +info.`,
    isMisconfigured,
    verb,
  },
  {
    pattern: /\bOOM\b/,
    reason: 'the memory is full',
    cure: 'Raise maxmemory of Redis.',
    verb,
  },
  {
    pattern: /READONLY/,
    reason: 'the server is a read-only replica',
    cure: 'Point the URL at the primary.',
    verb,
  },
  {
    pattern: /MISCONF/,
    reason: 'it cannot save to its disk and refuses writes',
    cure: 'Check the log of Redis, and free space on its disk.',
    verb,
  },
  { pattern: /NOREPLICAS/, reason: 'too few replicas', cure: 'Bring its replicas back.', verb },
  {
    pattern: /LOADING/,
    reason: 'Redis is loading its data',
    cure: 'Gatehouse retries until Redis is ready.',
  },
  // Mail: nodemailer's codes and the reply codes of RFC 5321.
  {
    pattern: /EAUTH|ENOAUTH|EOAUTH/,
    reason: 'the user or the password is refused',
    cure: ({ user }) =>
      `Correct the user "${user}" or its password; some providers require a token.`,
    isMisconfigured,
    verb,
  },
  {
    pattern: /EENVELOPE.*MAIL FROM/,
    reason: 'the sender is refused',
    cure: 'Set MAIL_FROM to an address that this server may send from.',
    verb,
  },
  {
    pattern: /EENVELOPE/,
    reason: 'the recipient is refused',
    cure: 'Check the address of the recipient.',
    verb,
  },
  {
    pattern: /EMESSAGE/,
    reason: 'the message is refused',
    cure: 'Check the log of the mail server.',
    verb,
  },
  // The network.
  {
    pattern: /ECONNREFUSED/,
    reason: 'connection refused',
    cure: ({ product }) => `Is ${product} running?`,
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|EDNS/,
    reason: 'the host name is not known',
    cure: 'Check the host name and DNS.',
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH/,
    reason: 'the network cannot reach the host',
    cure: 'Check the host and the network.',
  },
  {
    pattern: /ETIMEDOUT|ETIME|timeout|timed out|Greeting never/i,
    reason: 'no answer in time',
    cure: 'Check host, port and firewall.',
  },
  {
    pattern:
      /^08|ECONNRESET|ECONNECTION|EPIPE|closed|terminated|writeable|not queryable|MaxRetries/,
    reason: 'the connection was closed',
    cure: ({ product }) => `Is ${product} running?`,
  },
];

/** A cause of failures, in words for an operator. */
export interface Cause {
  readonly pattern: RegExp;
  readonly reason: string;
  /** Names in braces stand for properties of the endpoint. */
  readonly cure: string;
  readonly verb: 'cannot connect to' | 'cannot use';
  /** Whether an operator must change a setting or the service. */
  readonly isMisconfigured?: true;
  /** Whether PostgreSQL or Redis is unavailable. */
  readonly isOutage?: true;
  /** Whether no open connection can be used any more. */
  readonly losesConnections?: true;
}

type Row = readonly [pattern: RegExp, reason: string, cure: string];

const group = (shared: Omit<Cause, 'pattern' | 'reason' | 'cure'>, rows: readonly Row[]) =>
  rows.map(([pattern, reason, cure]): Cause => ({ pattern, reason, cure, ...shared }));

/**
 * Known causes. The first match counts. SQLSTATEs:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const causes: readonly Cause[] = [
  ...group({ verb: 'cannot connect to', isMisconfigured: true }, [
    [
      /DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED|UNABLE_TO|self-signed cert|unable to (get|verify)/,
      'the certificate is from an unknown certificate authority',
      'Set {caSetting} to the certificate of that authority.',
    ],
    [/CERT_HAS_EXPIRED|certificate has expired/, 'the certificate has expired', 'Renew it.'],
    [
      /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate/,
      'the certificate is for another host',
      'Use a host name or IP address that the certificate lists.',
    ],
    [
      /does not support SSL|ESTARTTLS|ETLS|STARTTLS|wrong version number|ERR_SSL/,
      'the server does not offer TLS here',
      'Use a port that offers TLS, or turn TLS off in the URL if you trust the network.',
    ],
    [
      /unsupported startup parameter/,
      'the connection pooler rejects a start-up parameter',
      'Add the parameter to ignore_startup_parameters of PgBouncer.',
    ],
    [/^28P01/, 'wrong user or password', 'Correct the user "{user}" or its password.'],
    [
      /^28|must be a string/,
      'the server rejects this user',
      'Check the user "{user}", its password, and pg_hba.conf, which may require TLS (sslmode=require).',
    ],
    [/^3D000/, 'the database does not exist', 'Create "{database}", or correct the name.'],
    [
      /WRONGPASS|NOAUTH|no password is set|without any password|'auth' command/,
      'wrong user or password',
      'Correct user and password in redis://USER:PASSWORD@HOST. For the default user, omit USER. If Redis has no password, omit both.',
    ],
    [
      /DB index|NOPERM.*'select'|SELECT is not allowed/,
      'Redis rejects the database number',
      'Use an existing database number, such as /0.',
    ],
  ]),
  ...group({ verb: 'cannot use', isMisconfigured: true }, [
    [/^42P01|^3F000/, 'the database has no tables yet', 'Run `npx gatehouse migrate` first.'],
    [
      /^42501/,
      'the user lacks a privilege',
      'Make "{user}" the owner of the tables, or grant it the privilege.',
    ],
    [
      /NOPERM|ACL failure|can't run this command/,
      'the user lacks a permission',
      'Allow the Redis user "{user}" ~* &* +@all -@dangerous +info, or what docs/operate/scale.md lists. ACL LOG names what it lacks.',
    ],
    [
      /EAUTH|ENOAUTH|EOAUTH/,
      'wrong user or password',
      'Correct the user "{user}" or its password; some providers require a token.',
    ],
  ]),
  // Mail: the codes of nodemailer.
  ...group({ verb: 'cannot use' }, [
    [
      /EENVELOPE.*MAIL FROM/,
      'the server rejected the sender address',
      'Set MAIL_FROM to an address that this server may send from.',
    ],
    [
      /EENVELOPE/,
      'the server rejected the recipient address',
      'Check the address of the recipient.',
    ],
    [/EMESSAGE/, 'the server rejected the message', 'Check the log of the mail server.'],
  ]),
  ...group({ verb: 'cannot use', isOutage: true, losesConnections: true }, [
    [
      /^25006/,
      'the server is read-only',
      'Point the URL at the primary, and check default_transaction_read_only.',
    ],
    [
      /EREPLICALAG/,
      'the replica lags',
      'Lists come from the primary. Check the replication, or raise DATABASE_READ_MAX_LAG.',
    ],
    [
      /ENOREPLICA/,
      'the server is not a replica',
      'Lists come from the primary. Point the URL at a streaming replica.',
    ],
    [
      /ENOPRIMARY/,
      'no server accepts writes',
      'Gatehouse retries. Is one of the servers the primary?',
    ],
    // A prepared statement: "cached plan must not change result type".
    [/^0A000/, 'a migration has changed a table', 'Gatehouse retries.'],
    [/^25P03/, 'a transaction was idle for too long', 'Is this Gatehouse process overloaded?'],
  ]),
  ...group({ verb: 'cannot use', isOutage: true }, [
    [/^53100|ENOSPC/, 'the disk is full', 'Free space on the disk of {product}.'],
    [/^57014/, 'a statement took too long', 'Check the load of {product}.'],
    [/^53[02]00/, 'the server lacks resources', 'Check the memory of {product}.'],
    [/\bOOM\b/, 'the memory is full', 'Raise maxmemory of Redis.'],
    [/READONLY/, 'the server is a read-only replica', 'Point the URL at the primary.'],
    [
      /MISCONF/,
      'Redis cannot save to disk and rejects writes',
      'Check the log of Redis, and free space on its disk.',
    ],
    [
      /NOREPLICAS/,
      'too few replicas are connected',
      'Start the missing replicas, or lower min-replicas-to-write.',
    ],
    [
      /\b(EXECABORT|BUSY|MASTERDOWN|CLUSTERDOWN) |Cluster redirections/,
      'Redis is busy',
      'Check the log of Redis.',
    ],
  ]),
  ...group({ verb: 'cannot connect to', isOutage: true, losesConnections: true }, [
    [/^57P/, 'the server is starting, stopping or recovering', 'Gatehouse retries.'],
    [/^08/, 'the connection was closed', 'Is {product} running?'],
  ]),
  ...group({ verb: 'cannot connect to', isOutage: true }, [
    [/^53|max number of clients/, 'too many connections', 'Raise the limit of {product}.'],
    [/LOADING/, 'Redis is loading its data', 'Gatehouse retries.'],
    [/ECONNREFUSED/, 'connection refused', 'Is {product} running?'],
    [/ENOTFOUND|EAI_AGAIN|EDNS/, 'host name not found', 'Check the host name and DNS.'],
    [/EHOSTUNREACH|ENETUNREACH/, 'the network cannot reach the host', 'Check host and network.'],
    [
      /\bETIME(DOUT)?\b|[Tt]imeout (exceeded|expired)|(read|Socket|[Cc]onnection) timeout|timed out|Greeting never/,
      'timeout',
      'Check host, port and firewall.',
    ],
    [
      /ECONN(RESET|ABORTED|ECTION)|EPIPE|[Cc]onnection (is )?(closed|terminated|ended)|writeable|not queryable|MaxRetries|Cluster is(n't ready| ended| disconnect)|startup nodes|Node is disconnected|ClusterAllFailed/,
      'the connection was closed',
      'Is {product} running?',
    ],
  ]),
];

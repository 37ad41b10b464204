import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostUrls } from '../errors/store-endpoint.ts';

/** URL parameters about TLS, as libpq names them. */
const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/** libpq's parameter that demands a server which accepts writes. */
const ATTRIBUTES = 'target_session_attrs';

/** Whether one of several servers, or one that may turn into a replica, is to be looked for. */
export function needsSearch(databaseUrl: string): boolean {
  const [first, ...others] = hostUrls(databaseUrl);
  return others.length > 0 || new URL(first).searchParams.has(ATTRIBUTES);
}

/** Returns the options for each server of a database URL. */
export const serversOf = (databaseUrl: string, ca?: string) =>
  hostUrls(databaseUrl).map((url) => connectionOptions(url, ca));

/**
 * Splits the URL of a database into the part for node-postgres and the TLS options. Every mode except
 * `disable` and `no-verify` checks the certificate and the host name or IP address.
 */
function connectionOptions(databaseUrl: string, ca?: string) {
  const url = new URL(databaseUrl);
  const { searchParams } = url;
  const { sslmode, sslrootcert, sslcert, sslkey } = Object.fromEntries(
    tlsParameters.map((name) => [name, searchParams.get(name)]),
  );
  for (const name of [...tlsParameters, ATTRIBUTES]) searchParams.delete(name);
  const connection = { connectionString: url.href };
  if (sslmode === 'disable') return { ...connection, ssl: false };
  if (!sslmode && !sslrootcert && !sslcert && !ca) return connection;

  const host = (searchParams.get('host') ?? url.hostname).replace(/^\[|\]$/g, '');
  const rootCertificate = sslrootcert && sslrootcert !== 'system' ? read(sslrootcert) : ca;
  return {
    ...connection,
    ssl: {
      rejectUnauthorized: sslmode !== 'no-verify',
      ...(rootCertificate && { ca: rootCertificate }),
      ...(sslcert && { cert: read(sslcert) }),
      ...(sslkey && { key: read(sslkey) }),
      // Otherwise node-postgres compares an IP address with the name `localhost`.
      ...(isIP(host) && { host }),
    },
  };
}

const read = (path: string): string => readFileSync(path, 'utf8');

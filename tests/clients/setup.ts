import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { secretHashOf } from '../../src/config/introspection-clients-shape.ts';
import { openMigrationOrm } from '../../src/db/orm.ts';
import { codeIn } from '../support/code-in-mail.ts';
import { startInstallation } from '../support/installation.ts';
import { startMailServer } from '../support/mail-server.ts';
import { many } from '../support/wide-limits.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base URL of the API. */
    serviceUrl: string;
    /** Answers `GET /ADDRESS` with the codes mailed to it, oldest first. `PUT` makes it an ADMIN. */
    codesUrl: string;
    /** A service that may introspect tokens. */
    introspectionClient: typeof client;
  }
}

const client = { id: 'orders-api', secret: randomBytes(32).toString('base64url') };
const INTROSPECTION_CLIENTS = `${client.id}:${secretHashOf(client.secret)}`;

/** One client runs every test here: its own limits must not stop it. */
const limits = {
  LIMIT_REQUESTS: many,
  LIMIT_CODE_REQUESTS: many,
  LIMIT_REGISTER: many,
  LIMIT_LOGIN: many,
  LIMIT_VERIFY_OTP: many,
  LIMIT_RESET_PASSWORD: many,
  LIMIT_CHANGE_PASSWORD: many,
  LIMIT_REFRESH: many,
  LIMIT_ADMIN: many,
  LIMIT_STEP_UP: many,
  LIMIT_EXPORT: many,
};

/** Starts PostgreSQL, Redis, a server and a worker in production mode for all test files. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const mails = await startMailServer();
  const promote = async (address: string) => {
    const orm = await openMigrationOrm(installation.stores.postgres.url);
    await orm.em.execute("update accounts set role = 'ADMIN' where email = ?", [address]);
    await orm.close(true);
  };
  const codes = createServer(({ url = '', method }, response) => {
    const address = decodeURIComponent(url.slice(1));
    if (method === 'PUT') return void promote(address).then(() => response.end());
    const mailed = mails.received.filter(({ to }) => to === address);
    return void response.end(JSON.stringify(mailed.flatMap(({ raw }) => codeIn(raw) ?? [])));
  });
  codes.listen(0, '127.0.0.1');
  await once(codes, 'listening');
  const installation = await startInstallation({
    servers: 1,
    workers: 1,
    smtpUrl: mails.url,
    variables: { ...limits, INTROSPECTION_CLIENTS },
  });
  provide('introspectionClient', client);
  provide('serviceUrl', installation.servers[0]?.url ?? '');
  provide('codesUrl', `http://127.0.0.1:${(codes.address() as AddressInfo).port}`);
  return async () => {
    codes.close();
    await Promise.all([installation.close(), mails.close()]);
  };
}

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response } from 'express';
import { expect, it } from 'vitest';
import { blocksOf } from '../support/documents.ts';
import { serviceUrl, signIn } from './service.ts';

// Inside this folder, so that its packages are found.
const folder = join(import.meta.dirname, '.generated');

it('guards a route with express-jwt as the guide says', async () => {
  const blocks = blocksOf('docs/guide/verify-tokens.md');
  const example = blocks.find(({ code }) => code.startsWith('// guard.ts'))?.code ?? '';
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'guard.ts');
  writeFileSync(path, example.replace("'http://localhost:8000'", `'${serviceUrl}'`));
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck', path];
  const tsc = join(import.meta.dirname, 'node_modules/typescript/bin/tsc');
  expect(spawnSync(process.execPath, [tsc, ...options], { encoding: 'utf8' }).stdout).toBe('');

  const { guard } = await import(/* @vite-ignore */ path);
  const app = express();
  app.get('/', guard, (request, response) => {
    response.json((request as unknown as { auth: object }).auth);
  });
  app.use((error: { status?: number }, _: Request, response: Response, _next: NextFunction) => {
    response.sendStatus(error.status ?? 500);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const get = (token: string) => fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { access, refresh } = await signIn();
  const valid = await get(access);
  expect([valid.status, await valid.json()]).toMatchObject([200, { role: 'USER' }]);
  for (const token of [refresh, `${access}x`, 'a.b.c']) expect((await get(token)).status).toBe(401);
  server.closeAllConnections();
  server.close();
});

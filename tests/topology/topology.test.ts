import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { balancerSettings } from './balancer-settings.ts';
import { startNetwork } from './network.ts';
import type { Row } from './row.ts';
import { report } from './table.ts';
import * as topology from './topology.ts';

/** Connects to the port in PORT, sends a word, and prints what comes back within half a second. */
const client = `
  const socket = require('node:net').connect(Number(process.env.PORT), '127.0.0.1');
  socket.write('hello');
  socket.on('data', (text) => process.stdout.write(text)).on('close', () => process.exit());
  setTimeout(() => process.exit(), 500);
`;

it('cuts a process off from a destination, and lets it through again', async () => {
  const echo = createServer((socket) => void socket.pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const { port } = echo.address() as AddressInfo;
  const network = await startNetwork({ Redis: [port], PostgreSQL: [] });
  const env = { ...network.variables, PORT: String(port) };
  const said = async () => (await execa(process.execPath, ['-e', client], { env })).stdout;
  expect(await said()).toBe('hello');
  network.cut('PostgreSQL');
  expect(await said()).toBe('hello');
  network.cut('Redis');
  expect(await said()).toBe('');
  network.heal();
  expect(await said()).toBe('hello');
  network.close();
  echo.close();
});

it('counts the rows that are as they have to be', () => {
  const row = (event: string, breaches: readonly string[]): Row => ({
    event,
    cells: { errors: '0' },
    breaches,
  });
  expect(report([row('one', []), row('two', ['lost'])])).toBe(
    '\n| event | errors |\n| --- | --- |\n| one | 0 |\n| two | 0 |\n\n1 passed, 1 failed\n',
  );
});

it('starts from modules that load', () => {
  expect(topology.startTopology).toBeTypeOf('function');
  const ports = { api: 1, pooler: 2, primary: 3, servers: [4], poolers: [5] };
  const settings = balancerSettings('socket', { ...ports, nodes: [{ port: 6, api: 7 }] });
  expect(settings).toContain('server postgres-1 127.0.0.1:6 check port 7');
});

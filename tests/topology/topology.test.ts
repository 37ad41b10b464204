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
const clientThat = (connects: string) => `
  const { connect, Socket } = require('node:net');
  const port = Number(process.env.PORT);
  const socket = ${connects};
  socket.write('hello');
  socket.on('data', (text) => process.stdout.write(text)).on('close', () => process.exit());
  setTimeout(() => process.exit(), 500);
`;

/** The ways of ioredis and of node-postgres. */
const ways = ["connect({ port, host: '127.0.0.1' })", "new Socket().connect(port, '127.0.0.1')"];

it.each(ways)('cuts a process off that calls %s, and lets it through again', async (way) => {
  const echo = createServer((socket) => void socket.pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const { port } = echo.address() as AddressInfo;
  const network = await startNetwork({ Redis: [port], PostgreSQL: [] });
  const env = { ...network.variables, PORT: String(port) };
  const said = async () => (await execa(process.execPath, ['-e', clientThat(way)], { env })).stdout;
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

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import {
  createHttpsSender,
  type ResolveName,
  type SenderOptions,
} from '#src/adapters/https-sender.ts';
import { kindOfAddress } from '#src/webhooks/receiver-address.ts';
import { allowedAddresses } from '#src/webhooks/webhook-url.ts';
import { makeCertificates } from './support/certificates.ts';
import { startReceiver } from './support/receiver.ts';

const certificates = makeCertificates();
afterAll(() => certificates.remove());

const message = { headers: { 'webhook-id': 'a' }, body: '{"type":"a"}' };

/** Sends a message. @returns `accepted`, or the code of the failure */
const sendTo = (url: string, options: Partial<SenderOptions> = {}) =>
  createHttpsSender({
    isAllowed: allowedAddresses(true),
    resolve: async () => ['127.0.0.1'],
    ca: certificates.ca.cert,
    ...options,
  })({ url, ...message }).then(
    () => 'accepted',
    ({ code }) => code,
  );

/** Starts a TCP server that does something with each connection. @returns its port */
async function tcpServer(handle: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handle(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

it.each([
  ['public', '8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1::1'],
  ['private', '10.0.0.1', '127.0.0.1', '127.9.9.9', '172.16.0.1', '192.168.1.1', '::1', 'fd12::1'],
  [
    ...['refused', '0.0.0.0', '0.1.2.3', '169.254.169.254', '100.64.0.1', '100.100.100.200'],
    ...['192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1'],
    ...['224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::ffff:8.8.8.8', '::ffff:127.0.0.1'],
    ...['::ffff:a9fe:a9fe', '::8.8.8.8', '::ffff:0:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b:1::1'],
    ...['2002:808:808::1', '2001::1', '2001:db8::1', '3fff::1', '5f00::1', '100::1', 'fe80::1'],
    ...['fe80::1%eth0', 'fec0::1', 'ff02::1', 'fd00:ec2::254', 'fd20:ce::254', '4000::1'],
    ...['localhost', '127.1', '0x7f.0.0.1', ''],
  ],
])('classifies addresses as %s', (kind, ...addresses) => {
  expect(addresses.map((address) => [address, kindOfAddress(address)])).toEqual(
    addresses.map((address) => [address, kind]),
  );
});

it('connects to private addresses only where they are allowed, and without TLS to no other', () => {
  const [closed, open] = [allowedAddresses(false), allowedAddresses(true)];
  const answers = (address: string) => [
    ...[closed(address, true), closed(address, false), open(address, true), open(address, false)],
  ];
  expect(answers('8.8.8.8')).toEqual([true, false, true, false]);
  expect(answers('10.0.0.1')).toEqual([false, false, true, true]);
  expect(answers('169.254.169.254')).toEqual([false, false, false, false]);
});

it('refuses a name if any of its addresses is not allowed, however it is written', async () => {
  const receiver = await startReceiver();
  const resolve = vi.fn<ResolveName>(async () => ['8.8.8.8', '127.0.0.1']);
  const options = { isAllowed: allowedAddresses(false), resolve };
  expect(await sendTo(`https://rebind.example.com:${receiver.port}/`, options)).toBe(
    'REFUSED_ADDRESS',
  );
  expect(resolve).toHaveBeenCalledTimes(1);
  for (const host of ['127.0.0.1', '127.1', '0x7f000001', '[::ffff:127.0.0.1]', '[::1]', '0']) {
    expect(await sendTo(`https://${host}:${receiver.port}/`, options), host).toBe(
      'REFUSED_ADDRESS',
    );
  }
  expect(resolve).toHaveBeenCalledTimes(1);
  expect(await sendTo('https://nothing.example.com/', { resolve: async () => [] })).toBe(
    'REFUSED_ADDRESS',
  );
  expect(receiver.received).toEqual([]);
});

it('connects to the address that it has checked, whatever the name leads to meanwhile', async () => {
  const receiver = await startReceiver(certificates.public);
  // The DNS knows no such name: a second resolution would fail.
  const answers = [['127.0.0.1'], ['169.254.169.254']];
  const resolve = vi.fn<ResolveName>(async () => answers.shift() ?? []);
  const url = `https://auth.example.com:${receiver.port}/hook`;
  expect(await sendTo(url, { resolve })).toBe('accepted');
  expect(resolve).toHaveBeenCalledTimes(1);
  expect(receiver.received[0]?.headers.host).toBe(`auth.example.com:${receiver.port}`);
  expect(await sendTo(url, { resolve })).toBe('REFUSED_ADDRESS');
  expect(receiver.received).toHaveLength(1);
});

it('follows no redirect, to a private address or another one', async () => {
  const [receiver, target] = [await startReceiver(), await startReceiver()];
  for (const status of [301, 302, 303, 307, 308]) {
    receiver.answer = (response) => response.writeHead(status, { location: target.url }).end();
    expect(await sendTo(receiver.url)).toBe(`HTTP ${status}`);
  }
  expect(target.received).toEqual([]);
});

it('verifies the certificate of the receiver', async () => {
  const good = await startReceiver(certificates.name);
  expect(await sendTo(good.url)).toBe('accepted');
  expect(await sendTo(good.url, { ca: certificates.otherCa.cert })).toMatch(/CERT|SIGNATURE/);
  const wrong = await startReceiver(certificates.wrongName);
  expect(await sendTo(wrong.url)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  const expired = await startReceiver(certificates.expired);
  expect(await sendTo(expired.url)).toBe('CERT_HAS_EXPIRED');
  const plain = await startReceiver();
  expect(await sendTo(plain.url.replace('http:', 'https:'))).toMatch(/SSL|EPROTO/);
});

it('cuts off a response without an end, and is busy until then', async () => {
  const sockets = new Set<Socket>();
  const port = await tcpServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    const drip = () => void (socket.writable && socket.write('x'));
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n');
      const timer = setInterval(drip, 50);
      socket.on('close', () => clearInterval(timer));
    });
  });
  const start = Date.now();
  expect(await sendTo(`http://localhost:${port}/`)).toBe('accepted');
  // A receiver that answers at once would otherwise have hundreds of open connections.
  await vi.waitFor(() => expect(sockets.size).toBe(0));
  expect(Date.now() - start).toBeGreaterThan(900);
  expect(Date.now() - start).toBeLessThan(5000);
});

it('reads a little of a response, keeps nothing, and does not wait for its end', async () => {
  const receiver = await startReceiver();
  let written = 0;
  const closed = new Promise<void>((resolve) => {
    receiver.answer = (response) => {
      response.writeHead(200).on('close', resolve);
      const chunk = Buffer.alloc(64 * 1024);
      const write = () => {
        if (response.destroyed) return;
        written += chunk.length;
        // Not from the callback itself, which may come before the sender has had a turn.
        response.write(chunk, () => setImmediate(write));
      };
      write();
    };
  });
  expect(await sendTo(receiver.url)).toBe('accepted');
  // The receiver would never end it. Its socket takes some megabytes by itself.
  await closed;
  expect(written).toBeLessThan(50 * 1024 * 1024);
});

it('names failures of the network, and gives up a slow receiver after 10 s', async () => {
  const cut = await tcpServer((socket) => socket.once('data', () => socket.destroy()));
  expect(await sendTo(`http://localhost:${cut}/`)).toBe('ECONNRESET');
  const headers = await tcpServer((socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`)),
  );
  expect(await sendTo(`http://localhost:${headers}/`)).toBe('HPE_HEADER_OVERFLOW');
  const rubbish = await tcpServer((socket) =>
    socket.once('data', () => socket.end('hello\r\n\r\n')),
  );
  expect(await sendTo(`http://localhost:${rubbish}/`)).toMatch(/^HPE_/);
  const hints = (count: number) =>
    tcpServer((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(count));
        socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      }),
    );
  expect(await sendTo(`http://localhost:${await hints(10)}/`)).toBe('accepted');
  expect(await sendTo(`http://localhost:${await hints(11)}/`)).toBe('NO_RESPONSE');
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  expect(await sendTo(`http://localhost:${port}/`)).toBe('ECONNREFUSED');
  // Each byte arrives long before the next would be late.
  const slow = await tcpServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write('x'), 500);
    socket.on('close', () => clearInterval(timer));
  });
  const silent = new Promise<string[]>(() => undefined);
  const start = Date.now();
  expect(
    await Promise.all([
      sendTo(`http://localhost:${slow}/`),
      sendTo('http://silent.example.com/', { resolve: () => silent }),
    ]),
  ).toEqual(['TIMEOUT', 'TIMEOUT']);
  expect(Date.now() - start).toBeGreaterThan(9900);
  expect(Date.now() - start).toBeLessThan(12_000);
}, 30_000);

it('uses no proxy of the environment', async () => {
  const receiver = await startReceiver();
  const proxy = await tcpServer((socket) => socket.destroy());
  for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) {
    vi.stubEnv(name, `http://127.0.0.1:${proxy}`);
  }
  vi.stubEnv('NODE_USE_ENV_PROXY', '1');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await sendTo(receiver.url)).toBe('accepted');
});

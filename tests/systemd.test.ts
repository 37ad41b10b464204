import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentVariables } from '#src/config/load-config.ts';
import { newDatabase } from './support/database.ts';
import { startInProduction } from './support/production-process.ts';

/** The units of `ops/systemd`, and what they need of the processes. */
const root = resolve(import.meta.dirname, '..');
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-systemd-'));
const database = newDatabase();
beforeAll(() => database.create());
afterAll(async () => {
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

const isInstalled = spawnSync('systemd-analyze', ['--version']).status === 0;
const isRequired = environmentVariables().REQUIRE_SYSTEMD === 'true';
const units = ['gatehouse-server.service', 'gatehouse-worker.service'] as const;

/** Highest exposure that `systemd-analyze security` may compute, of 100. */
const EXPOSURE = 20;

describe.skipIf(!isInstalled && !isRequired)('with systemd', () => {
  it.each(units)('verifies %s, and finds it hardened', (unit) => {
    const file = join(directory, unit);
    const written = readFileSync(join(root, 'ops/systemd', unit), 'utf8');
    expect(written).toMatch(/^User=gatehouse$/m);
    writeFileSync(file, written.replaceAll('/opt/gatehouse/', `${root}/`));
    const analyze = (...words: string[]) =>
      spawnSync('systemd-analyze', words, { encoding: 'utf8' });
    const { status, stderr } = analyze('verify', '--man=no', file);
    expect([stderr, status]).toEqual(['', 0]);
    const { status: security, stdout } = analyze(
      'security',
      '--offline=true',
      `--threshold=${EXPOSURE}`,
      '--no-pager',
      file,
    );
    expect(security, stdout).toBe(0);
  });

  it.each(['server', 'worker'] as const)(
    'notifies it when the %s is ready, and drains at SIGHUP',
    async (command) => {
      const socket = join(directory, command);
      const listener = spawn('python3', ['-c', receive, socket], { stdio: 'pipe' });
      await new Promise((bound) => listener.stderr.once('data', bound));
      const process = startInProduction(command, {
        ...{ DATABASE_URL: database.url, NOTIFY_SOCKET: socket },
      });
      expect(await text(listener.stdout)).toBe('READY=1\n');
      process.kill('SIGHUP');
      expect(await process.ended).toEqual([0, null]);
    },
  );
});

/** Prints the first notification that is no barrier. */
const receive = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print("bound", file=sys.stderr, flush=True)
print(receiver.recv(4096).decode(), flush=True)
`;

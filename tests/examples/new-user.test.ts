import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#dev/free-port.ts';
import { build } from '../../client/build.ts';
import { useBrowser } from '../browser/browser.ts';
import { useApp } from '../support/app.ts';
import { blocksOf } from '../support/documents.ts';
import { expectSignIn, responds } from './sign-in.ts';

const app = useApp();
const visitor = useBrowser(app);

/** The directory that contains the one of Gatehouse. */
const directory = mkdtempSync(join(tmpdir(), 'gatehouse-new-user-'));
const project = join(directory, 'my-app');

/** The first blocks of the guide: start Gatehouse, create an app, save three files, run the app. */
const [start, create, ...rest] = blocksOf('docs/guide/react-and-next.md');
const end = rest.findIndex(({ language }) => language === 'sh');
const [files, run] = [rest.slice(0, end), rest[end]];

beforeAll(async () => {
  const gatehouse = join(directory, 'gatehouse');
  mkdirSync(gatehouse);
  build(join(directory, 'package'));
  await execa('npm', ['pack', join(directory, 'package')], { cwd: gatehouse });
});
afterAll(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));

it('leads from an empty directory to a signed-in page', { timeout: 300_000 }, async () => {
  expect(start?.code).toContain('npm run pack-client\n');
  const began = Date.now();
  await execa('sh', ['-ec', create?.code ?? ''], { cwd: directory, stdin: 'ignore' });
  expect(files).toHaveLength(3);
  for (const { code } of files) {
    const [, path = '', text = ''] = /^\/\/ (\S+)\n(.+)$/s.exec(code) ?? [];
    writeFileSync(join(project, path), text);
  }
  // The checks of the template: types, and what its linter reports.
  await execa('npm', ['run', 'build'], { cwd: project });
  await execa('npm', ['run', 'lint'], { cwd: project });

  const port = String(await freePort());
  const server = execa(
    'sh',
    ['-c', `exec ${run?.code.trim()} -- --host 127.0.0.1 --port ${port}`],
    {
      cwd: project,
      env: { VITE_GATEHOUSE_URL: app.url },
      detached: true,
      reject: false,
    },
  );
  onTestFinished(async () => {
    // The shell, npm and Vite.
    if (server.pid) process.kill(-server.pid);
    await server;
  });
  const url = `http://127.0.0.1:${port}`;
  await app.eventually(() => responds(url), 30);
  await expectSignIn(app, async () => (await visitor.openTabs(url, 1))[0] as Page);
  process.stdout.write(
    `from nothing to a signed-in page: ${Math.round((Date.now() - began) / 1000)} s\n`,
  );
});

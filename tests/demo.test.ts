import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { demoModules } from '#src/pages/demo.ts';
import { useApp } from './support/app.ts';

describe('in development', () => {
  const app = useApp();

  it('serves the demo page and every module that it imports', async () => {
    const page = await app.fetch('/demo');
    expect(page).toMatchObject({ status: 200 });
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const linked = [...page.text.matchAll(/(?:src|href)="(\/demo\/[^"]+)"/g)];
    const [style = '', script = '', ...others] = linked.map(([, path = '']) => path);
    expect(others).toEqual([]);
    expect((await app.fetch(style)).headers['content-type']).toMatch(/^text\/css/);

    const reached = new Set([script]);
    for (const path of reached) {
      const { status, headers, text } = await app.fetch(path);
      expect({ path, status, type: headers['content-type'] }).toEqual({
        path,
        status: 200,
        type: expect.stringMatching(/^text\/javascript/),
      });
      expect(problemIn(text), path).toBe('');
      for (const target of importsOf(text)) reached.add(new URL(target, app.url + path).pathname);
    }
    expect([...reached].sort()).toEqual(demoModules.map((path) => `/demo/${path}`));
  });

  it('restricts the page to its own files and host, and allows no markup from strings', async () => {
    const { headers, text } = await app.fetch('/demo');
    const policy = String(headers['content-security-policy']).split('; ').sort();
    const [, nonce = ''] = /nonce-([\w+/]{22}==)/.exec(policy.join()) ?? [];
    const styles = [...text.matchAll(/<link rel="stylesheet"[^>]*>/g)].map(([tag]) => tag);
    expect(styles.every((tag) => tag.includes(`nonce="${nonce}"`))).toBe(true);
    expect(policy).toEqual([
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      'img-src data:',
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      `style-src 'nonce-${nonce}'`,
      "trusted-types 'none'",
    ]);
  });

  it.each([
    '/demo/client/generated/gql.ts',
    '/demo/examples/web/README.md',
    '/demo/examples/web/',
    '/demo/src/config.ts',
    '/demo/package.json',
    '/demo/.data/secret',
    '/demo/examples/web/..%2f..%2fpackage.json',
    '/demo/examples/web/%2e%2e/%2e%2e/package.json',
  ])('serves no file that the demo does not need: %s', async (path) => {
    expect(await app.fetch(path)).toMatchObject({ status: 404 });
  });
});

describe('in production', () => {
  const app = useApp({
    NODE_ENV: 'production',
    SECRET_KEY: 'k3J-9fLq_7Zt2mX8vB4nR6wY1cD5hG0s',
    MAIL_FROM: 'Gatehouse <no-reply@example.com>',
    PUBLIC_URL: 'https://auth.example.com',
  });

  it('has no demo', async () => {
    for (const path of ['/demo', ...demoModules.map((path) => `/demo/${path}`)]) {
      expect(await app.fetch(path)).toMatchObject({ status: 404 });
    }
  });
});

/** Returns the reason why a text is no JavaScript module, or nothing if it is one. */
function problemIn(text: string): string {
  const { stderr } = spawnSync(process.execPath, ['--check', '--input-type=module', '-'], {
    input: text,
    encoding: 'utf8',
  });
  return stderr;
}

const importsOf = (text: string): string[] =>
  [...text.matchAll(/\bfrom '([^']+)'/g)].map(([, target = '']) => target);

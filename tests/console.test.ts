import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#src/config/load-config.ts';
import { build, output } from '../console/build.ts';
import { useApp } from './support/app.ts';
import { production } from './support/production.ts';

const app = useApp();

it('is built from its sources', async () => {
  expect(readFileSync(output, 'utf8') === (await build()), 'run `npm run codegen`').toBe(true);
});

it('is off in production unless CONSOLE is true', () => {
  const required = {
    ...production,
    DATABASE_URL: 'postgres://gatehouse@localhost/gatehouse',
    REDIS_URL: 'redis://localhost',
    SMTP_URL: 'smtp://localhost',
  };
  expect(readConfig(required, 'production').console).toBe(false);
  expect(readConfig({ ...required, CONSOLE: 'true' }, 'production').console).toBe(true);
});

it('runs only its own script, writes no markup, calls no other host, and is not indexed', async () => {
  const { headers, text } = await app.fetch('/console');
  expect(headers['x-robots-tag']).toBe('noindex, nofollow');
  const policy = String(headers['content-security-policy']);
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(policy) ?? [];
  for (const directive of [
    ...["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'"],
    ...["frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
    ...[`script-src 'nonce-${nonce}'`, `style-src 'nonce-${nonce}'`],
  ]) {
    expect(policy.split('; ')).toContain(directive);
  }
  const tags = [...text.matchAll(/<(?:script|style|link rel="stylesheet")\b[^>]*>/g)];
  expect(tags.filter(([tag]) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  expect(text).not.toMatch(/ on\w+=| style=/);
});

it('loads files that may be cached forever', async () => {
  const { text } = await app.fetch('/console');
  const files = [...text.matchAll(/\/assets\/[\w/]+\.\w+/g)].map(([file]) => file);
  expect(files).toHaveLength(3);
  for (const file of files) {
    const { status, headers } = await app.fetch(file);
    expect([status, headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
});

describe('with CONSOLE=false', () => {
  const closed = useApp({ CONSOLE: 'false' });

  it('does not exist, and nothing links to it', async () => {
    expect((await closed.fetch('/console')).status).toBe(404);
    expect((await closed.fetch('/')).text).not.toContain('/console');
    const files = (await app.fetch('/console')).text.matchAll(/\/assets\/\w+\/console\.\w+/g);
    for (const [file] of files) expect((await closed.fetch(file)).status).toBe(404);
  });
});

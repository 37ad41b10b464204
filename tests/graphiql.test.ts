import { createHash } from 'node:crypto';
import { parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import { signInTabs } from '#src/graphql/tabs.ts';
import { useApp } from './support/app.ts';

const app = useApp();

it('is served whole: no script, style or font of another host', async () => {
  const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.text.length).toBeGreaterThan(1_000_000);
  expect(page.text).not.toMatch(/url\(["']?(https?:)?\/\//);
  expect(page.text).not.toMatch(/<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
});

it('may run its one script, ask this host alone, and be in no frame', async () => {
  const { headers, text } = await app.fetch('/graphql', { headers: { accept: 'text/html' } });
  const script = /^ *<script>(.+)<\/script>$/ms.exec(text)?.[1] ?? '';
  expect(script.length).toBeGreaterThan(1_000_000);
  const hash = createHash('sha256').update(script).digest('base64');
  expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    'font-src data:',
    "form-action 'none'",
    "frame-ancestors 'none'",
    'img-src data:',
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    'worker-src blob:',
  ]);
});

it('opens with the sign-in in its tabs, and each fits the schema', async () => {
  const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } });
  expect(signInTabs.length).toBeGreaterThan(3);
  for (const { query } of signInTabs) {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(page.text).toContain(JSON.stringify(query).slice(1, -1));
  }
});

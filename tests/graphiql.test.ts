import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';

const app = useApp();

it('is served whole: no script, style or font of another host', async () => {
  const page = await app.fetch('/graphql', { headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.text.length).toBeGreaterThan(1_000_000);
  expect(page.text).not.toMatch(/<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';

export type Routes = Hono<{ Bindings: HttpBindings }>;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

export const readAsset = (url: string | URL): string => readFileSync(new URL(url), 'utf8');

/**
 * Serves one file. Each has a route of its own, so that no address leads to any other.
 *
 * @returns its address, which changes with what is in it and may be kept for ever
 */
export function addAsset(routes: Routes, name: string, content: string): string {
  const version = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const path = `/assets/${version}/${name}`;
  const headers = {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
  };
  routes.get(path, (c) => c.body(content, 200, headers));
  return path;
}

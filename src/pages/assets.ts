import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'hono';
import type { Routes } from '../http/hono-routes.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

export const readAsset = (url: string | URL): string => readFileSync(new URL(url), 'utf8');

/** A file that is served under a URL derived from its content. */
export interface Asset {
  readonly path: string;
  respond(c: Context): Promise<Response>;
}

/** Encodings of a response, smallest first. Each one is computed once, when first requested. */
const encoders: Readonly<Record<string, (content: string) => Promise<Uint8Array<ArrayBuffer>>>> = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (content) => promisify(gzip)(content),
};

/** Creates an asset from a file. Browsers may cache it forever: a changed file has another URL. */
export function createAsset(name: string, content: string): Asset {
  const version = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const encoded = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const headers = {
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  };
  return {
    path: `/assets/${version}/${name}`,
    async respond(c) {
      const accepted = c.req.header('accept-encoding') ?? '';
      for (const [coding, encode] of Object.entries(encoders)) {
        if (!accepts(accepted, coding)) continue;
        const bytes = encoded.get(coding) ?? encode(content);
        encoded.set(coding, bytes);
        return c.body(await bytes, 200, { ...headers, 'content-encoding': coding });
      }
      return c.body(content, 200, headers);
    },
  };
}

/** RFC 9110 §12.5.3; `q=0` excludes a coding. */
const accepts = (header: string, coding: string): boolean =>
  header
    .toLowerCase()
    .split(',')
    .map((part) => part.split(/\s*;\s*q=/))
    .some(([name = '', weight = '1']) => name.trim() === coding && Number(weight) > 0);

/**
 * Serves one file on its own route, so that no path can lead to any other file.
 *
 * @returns its URL
 */
export function addAsset(routes: Routes, name: string, content: string): string {
  const asset = createAsset(name, content);
  routes.get(asset.path, (c) => asset.respond(c));
  return asset.path;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { raw } from 'hono/html';
import { getMimeType } from 'hono/utils/mime';
import type { Routes } from '../http/hono-routes.ts';
import { once } from '../http/once.ts';

export const readAsset = (url: string | URL): string => readFileSync(new URL(url), 'utf8');

/** Reads a file of `browser/`. */
export const readBrowserFile = (name: string): string =>
  readAsset(new URL(`browser/${name}`, import.meta.url));

/** Reads a file of `browser/` to embed it in a page unchanged. */
export const inlineFile = (name: string) => raw(readBrowserFile(name));

const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Creates a file whose URL contains its hash, so that browsers may cache it forever. */
export function createAsset(name: string, content: string) {
  const version = createHash('sha256').update(content).digest('hex').slice(0, 16);
  /** Content codings, smallest result first. */
  const encodings: Readonly<Record<string, () => Promise<Buffer<ArrayBuffer>>>> = {
    br: once(() => promisify(brotliCompress)(content, brotliOptions)),
    gzip: once(() => promisify(gzip)(content)),
  };
  const headers = {
    'content-type': getMimeType(name) ?? 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  };
  return {
    path: `/assets/${version}/${name}`,
    async respond(c: Context): Promise<Response> {
      const coding = accepts(c, {
        header: 'Accept-Encoding',
        supports: Object.keys(encodings),
        default: '',
        // RFC 9110 §12.5.3: `q=0` excludes a coding.
        match: (accepted, { supports }) =>
          supports.find((name) =>
            accepted.some(({ type, q }) => type.toLowerCase() === name && q > 0),
          ) ?? '',
      });
      const encode = encodings[coding];
      if (!encode) return c.body(content, 200, headers);
      return c.body(await encode(), 200, { ...headers, 'content-encoding': coding });
    },
  };
}

/** Serves a file on a route of its own, so no path can lead to other files. Returns its URL. */
export function addAsset(routes: Routes, name: string, content: string): string {
  const asset = createAsset(name, content);
  routes.get(asset.path, (c) => asset.respond(c));
  return asset.path;
}

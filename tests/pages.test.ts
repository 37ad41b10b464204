import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { problemTypes } from '#src/errors/problem-types.ts';
import { type TestApp, useApp } from './support/app.ts';
import { production } from './support/production.ts';
import type { Answer } from './support/request.ts';

const app = useApp();

const documents = ['/', '/api/docs', '/api/docs/', '/api/redoc', '/api/redoc/'];
const problems = ['/problems', ...Object.keys(problemTypes).map((name) => `/problems/${name}`)];

/** Addresses that a page leads to or loads. */
const linksIn = ({ text }: Answer): string[] =>
  [...text.matchAll(/\b(?:href|src)="([^"]+)"|'(\/openapi\.json)'/g)]
    .map(([, attribute, argument]) => attribute ?? argument ?? '')
    .filter((link) => !link.startsWith('data:'));

/** Follows what these pages lead to. */
async function follow(from: TestApp, paths: readonly string[]): Promise<string[]> {
  const pages = await Promise.all(paths.map((path) => from.fetch(path)));
  const links = [...new Set(pages.flatMap(linksIn))].sort();
  for (const link of links) {
    expect(link).toMatch(/^\/(?!\/)/);
    const { status } = await from.fetch(link, { headers: { accept: 'text/html' } });
    expect([link, status]).toEqual([link, 200]);
  }
  return links;
}

describe.each([...documents, '/problems', '/problems/locked'])('the page %s', (path) => {
  it('is HTML with a title', async () => {
    const { status, headers, text } = await app.fetch(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(text).toMatch(/^<!doctype html>\n<html lang="en"/);
    expect(text).toMatch(/<title>[^<]*Gatehouse[^<]*<\/title>/);
  });

  it('may call no other host, run only its own script, and not be framed', async () => {
    const { headers, text } = await app.fetch(path);
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => directive.split(' '))
        .map(([name, ...sources]) => [name, sources]),
    );
    for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors']) {
      expect([name, policy.get(name)]).toEqual([name, ["'none'"]]);
    }
    const sources = [...policy.values()].flat();
    const closed = /^('none'|'self'|data:|blob:|'nonce-[\w+/]{22}=='|'sha256-[\w+/]{43}=')$/;
    expect(sources.filter((source) => !closed.test(source))).toEqual([]);
    expect(policy.get('script-src') ?? []).not.toContain("'self'");

    const [, nonce = ''] = /nonce-([^']+)/.exec(sources.join(' ')) ?? [];
    const tags = [...text.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
    expect((await app.fetch(path)).text).not.toContain(nonce);
  });
});

it.each([
  ...['/graphql', '/api/docs/', '/api/redoc/', '/problems', '/problems/locked', '/inbox', '/demo'],
  ...['/console', '/email-change/undo', '/nowhere'],
])('the page %s has the header and style of the home page', async (path) => {
  const shell = ({ text }: Answer) =>
    [/<header>.+?<\/header>/s, /\/assets\/\w+\/pages\.css/].map((part) =>
      part.exec(text)?.[0].replaceAll(' aria-current="page"', ''),
    );
  const page = await app.fetch(path, { headers: { accept: 'text/html' } });
  const home = shell(await app.fetch('/'));
  expect(home).not.toContain(undefined);
  expect(shell(page)).toEqual(home);
});

it('has no broken link', async () => {
  const links = await follow(app, [...documents, ...problems]);
  expect(links.length).toBeGreaterThan(problems.length + 12);
});

it('is reachable from the home page', async () => {
  const links = linksIn(await app.fetch('/'));
  for (const path of [
    ...['/graphql', '/api/docs/', '/api/redoc/', '/problems', '/inbox', '/demo', '/console'],
    ...['/openapi.json', '/openapi.yaml', '/.well-known/jwks.json'],
  ]) {
    expect(links).toContain(path);
  }
});

describe('where API_DOCS and GRAPHIQL are false', () => {
  const closed = useApp({ API_DOCS: 'false', GRAPHIQL: 'false' });

  it.each(documents)('there is no %s', async (path) => {
    const { status, headers } = await closed.fetch(path, { headers: { accept: 'text/html' } });
    expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=UTF-8']);
  });

  it('the problem types are there, and link to each other and to the pages of development', async () => {
    const style = expect.stringMatching(/^\/assets\/[0-9a-f]{16}\/pages\.css$/);
    const pages = ['/console', '/demo', '/inbox', ...problems].sort();
    expect(await follow(closed, problems)).toEqual([style, ...pages]);
  });
});

describe('in production with API_DOCS=true', () => {
  const open = useApp({ ...production, API_DOCS: 'true' });

  it('the home page shows code for its own URL, asks for nothing, and calls nothing', async () => {
    const { text, headers } = await open.fetch('/');
    expect(text).toContain('https://auth.example.com/api/v1/auth/otp/request');
    expect(text).not.toMatch(/localhost|<(form|input|fieldset)\b/);
    expect(headers['content-security-policy']).not.toContain('connect-src');
    expect((await app.fetch('/')).text).toContain('<form');
  });
});

describe('the files that pages load', () => {
  const findFiles = async () => {
    const pages = await Promise.all(documents.map((path) => app.fetch(path)));
    const files = pages.flatMap(linksIn).filter((link) => link.startsWith('/assets/'));
    expect(new Set(files).size).toBe(4);
    return files;
  };

  it('may be cached forever: a changed file has a new URL', async () => {
    for (const file of await findFiles()) {
      const { headers, text } = await app.fetch(file);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(file).toContain(createHash('sha256').update(text).digest('hex').slice(0, 16));
    }
  });

  it('have the right media type, and load no image from another host', async () => {
    for (const file of await findFiles()) {
      const { headers, text } = await app.fetch(file);
      expect(headers['content-type']).toMatch(/^text\/(css|javascript); charset=utf-8$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(text.includes('cdn.redoc.ly')).toBe(false);
    }
  });

  it('are the only files that are served', async () => {
    const [file = ''] = await findFiles();
    const folder = file.slice(0, file.lastIndexOf('/'));
    expect(await statusOf(file)).toBe(200);
    for (const path of [
      ...['/assets', '/assets/', `${folder}/`, `${folder}/package.json`, `${file}.map`],
      ...[`${file}%00`, '/assets//etc/passwd', '/pages.css', '/vendor/redoc/README.md'],
      ...[`${folder}/..%2f..%2fpackage.json`, '/api/v1/auth%2Fme'],
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 404]);
    }
    for (const path of [
      ...[`${folder}/../../package.json`, '/assets/../.env'],
      ...['/assets/%2e%2e/%2e%2e/package.json', '/assets/..%5c..%5cpackage.json'],
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, 400]);
    }
  });
});

describe('the transfer of the files that pages load', () => {
  const send = async (path: string, coding?: string) => {
    const headers = coding === undefined ? {} : { 'accept-encoding': coding };
    const response = await fetch(app.url + path, {
      headers: { 'accept-encoding': 'identity', ...headers },
    });
    return { text: await response.text(), headers: response.headers };
  };
  const fileOf = async () => {
    const file = linksIn(await app.fetch('/api/docs')).find((link) => link.endsWith('.js'));
    return file ?? '';
  };

  it.each([
    ['br', 'gzip, deflate, br;q=1.0, zstd'],
    ['gzip', 'gzip'],
    ['gzip', 'GZIP;q=0.5, br;q=0'],
    [null, 'identity'],
    [null, 'deflate, *;q=0.1'],
    [null, 'gzip;q=0'],
  ])('is coded as %s where the client accepts %s', async (coding, accepted) => {
    const file = await fileOf();
    const plain = await send(file);
    const coded = await send(file, accepted);
    expect([coded.headers.get('content-encoding'), coded.headers.get('vary')]).toEqual([
      coding,
      'accept-encoding',
    ]);
    expect(coded.text === plain.text).toBe(true);
  });

  it('is compressed', async () => {
    const { headers } = await app.fetch(await fileOf(), { headers: { 'accept-encoding': 'br' } });
    expect(Number(headers['content-length'])).toBeLessThan(600_000);
  });
});

it('responds to an unknown path with a page for browsers, and a problem for programs', async () => {
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const page = await app.fetch('/nowhere', { headers: { accept: browser } });
  expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=UTF-8']);
  expect(page.text).toContain('<h1>Not found</h1>');
  for (const [path, accept] of [
    ['/nowhere', '*/*'],
    ['/nowhere', 'application/json'],
    ['/api/v1/nowhere', browser],
  ] as const) {
    const { status, headers } = await app.fetch(path, { headers: { accept } });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
  }
});

it('serves ReDoc as its makers have published it, and keeps their licences', () => {
  const read = (name: string) =>
    readFileSync(new URL(`../vendor/redoc/${name}`, import.meta.url), 'utf8');
  const script = read('redoc.standalone.js');
  const readme = read('README.md');
  const hash = createHash('sha256').update(script).digest('base64');
  expect(readme).toContain(`of the file: \`sha256-${hash}\``);

  const [, version] = /^ReDoc (\S+),/.exec(readme) ?? [];
  expect(read('redoc.standalone.js.LICENSE.txt')).toContain(`Version: "${version}"`);
  expect(read('LICENSE')).toMatch(/MIT License/);
  for (const [, name = ''] of script.matchAll(/see (\S+\.LICENSE\.txt)/g)) {
    expect(read(name)).toMatch(/Copyright/);
  }
});

/** The status of a path that nothing has tidied up on its way. */
function statusOf(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(app.url);
  return new Promise((done, fail) => {
    const outgoing = request({ hostname, port, path }, (incoming) => {
      incoming.resume();
      done(incoming.statusCode);
    });
    outgoing.on('error', fail).end();
  });
}

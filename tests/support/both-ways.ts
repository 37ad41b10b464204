import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { createApp } from '#src/app.ts';
import { createBoundedServer } from '#src/http/connections.ts';
import { RequestState } from '#src/http/request-state.ts';
import type { TestApp } from './app.ts';
import { type Answer, type RequestOptions, request } from './request.ts';

export interface SentRequest extends Omit<RequestOptions, 'from' | 'body'> {
  readonly path: string;
  /** Each `{address}` becomes an address that was not used before. */
  readonly body?: string | Buffer;
}

/** An app whose plain requests bypass Yoga and Hono, and the same app without this. */
export function useBothWays(app: TestApp) {
  let url = '';
  let close = () => {};
  let clients = 0;
  beforeAll(async () => {
    const { config } = app.runtime;
    const server = createBoundedServer(
      createApp(app.runtime, false),
      { ...config, keepAlive: 60 },
      app.runtime,
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterAll(() => close());

  /** Sends a request as a new client, so that no limit differs. */
  const send = (base: string, { path, body, ...options }: SentRequest): Promise<Answer> => {
    clients += 1;
    const from = `127.${100 + (clients >> 16)}.${(clients >> 8) & 255}.${clients & 255}`;
    const address = `way-${String(clients).padStart(7, '0')}@example.com`;
    const text = typeof body === 'string' ? body.replaceAll('{address}', address) : body;
    const host = { host: 'gatehouse.test', ...options.headers };
    const sent = { ...options, headers: host, from, ...(text !== undefined && { body: text }) };
    return request(base + path, sent);
  };

  /**
   * Sends a request both ways, and expects equal responses and log lines. The first response makes
   * the document known. Returns whether the second one bypassed Yoga and Hono.
   */
  const compare = async (sent: SentRequest): Promise<boolean> => {
    const first = await send(app.url, sent);
    const handOver = vi.spyOn(RequestState.prototype, 'handOver');
    const second = await send(app.url, sent);
    const isDirect = handOver.mock.calls.length === 0;
    handOver.mockRestore();
    const other = await send(url, sent);
    const expected = await withLine(app, other);
    expect(await withLine(app, second), JSON.stringify(sent)).toEqual(expected);
    expect(await withLine(app, first), JSON.stringify(sent)).toEqual(expected);
    return isDirect;
  };

  return {
    /** Compares requests one after the other. Returns how many bypassed Yoga and Hono. */
    async compareAll(requests: readonly SentRequest[]): Promise<number> {
      let direct = 0;
      for (const sent of requests) if (await compare(sent)) direct += 1;
      return direct;
    },
  };
}

/** Generates the first value `weight` times as often as one of the others. */
export const mostly =
  (weight: number) =>
  <T>(first: T, ...others: T[]) =>
    fc.oneof(
      { weight, arbitrary: fc.constant(first) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
    );

/** Returns a response and the log line about it, without what differs between two equal requests. */
async function withLine(app: TestApp, { status, headers, text }: Answer) {
  const { 'x-request-id': id, date: _, ...others } = headers;
  const line = await app.eventually(() =>
    app.logLines.find(
      (each) => each.includes(`"${String(id)}"`) && each.includes('"msg":"request"'),
    ),
  );
  const { operation, code, status: logged } = JSON.parse(line);
  const log = { operation, code, status: logged };
  return stable({ status, headers: JSON.stringify(sorted(others)), text, log });
}

const sorted = (headers: Answer['headers']) =>
  Object.entries(headers).sort(([one], [other]) => one.localeCompare(other));

/** Replaces ids, tokens, nonces, and whole seconds that have passed. */
const stable = <Value>(value: Value): Value =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '(uuid)')
      .replace(/[\w-]+\.[\w-]{20,}\.[\w-]{20,}/g, '(token)')
      .replace(/(\d{4}-){9}\d{4}/g, '(challenge)')
      .replace(/(?<=challenge\\*":\\*")[\w-]{72}/g, '(challenge)')
      .replace(/nonce(-|=\\")[\w+/=]+/g, '(nonce)')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)')
      .replace(/;t=\d+/g, ';t=(seconds)'),
  );

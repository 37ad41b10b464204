import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { TestApp } from './app.ts';

export const SUBSCRIPTION = 'subscription { sessionEnded }';

interface Options {
  readonly from?: string;
  readonly query?: string;
  readonly accept?: string;
}

/** An open response to a subscription. */
export interface Subscription {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Everything that has come so far. */
  text(): string;
  /** Resolves when the server has ended the response. */
  readonly ended: Promise<void>;
  /** Disconnects. */
  leave(): void;
}

/** Subscribes, and resolves when the response has begun. */
export function subscribe(
  { url }: Pick<TestApp, 'url'>,
  token: string,
  { from = '127.0.0.1', query = SUBSCRIPTION, accept = 'text/event-stream' }: Options = {},
): Promise<Subscription> {
  const headers = {
    'content-type': 'application/json',
    accept,
    ...(token && { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/graphql`, { method: 'POST', headers, localAddress: from });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      const ended = new Promise<void>((end) => incoming.on('close', () => end()));
      incoming.on('error', () => undefined);
      const { statusCode: status = 0, headers } = incoming;
      resolve({ status, headers, text: () => text, ended, leave: () => outgoing.destroy() });
    });
    outgoing.end(JSON.stringify({ query }));
    onTestFinished(() => void outgoing.destroy());
  });
}

/** Returns the events without heartbeats: name and data of each. */
export const eventsOf = ({ text }: Subscription): [string, string][] =>
  [...text().matchAll(/^event: (\w+)\ndata:(.*)$/gm)].map(([, name = '', data = '']) => [
    name,
    data.trim(),
  ]);

/** The events of a stream that told the end of a session, and then completed. */
export const endOf = (sessionId: unknown): [string, string][] => [
  ['next', JSON.stringify({ data: { sessionEnded: sessionId } })],
  ['complete', ''],
];

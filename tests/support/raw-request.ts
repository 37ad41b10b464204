import type { TestApp } from './app.ts';
import { openConnection } from './raw-connection.ts';

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are, and reads the last response up to the end of the connection. */
export async function sendRaw(app: TestApp, ...lines: string[]): Promise<RawAnswer> {
  const connection = await openConnection(app.url);
  connection.write(...lines);
  await app.eventually(() => connection.isClosed);
  const [head = '', body = ''] = connection.received.split('\r\n\r\n');
  const [start = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => field.toLowerCase().split(': '));
  return { status: Number(start.split(' ')[1]), headers: Object.fromEntries(headers), body };
}

export const QUERY = JSON.stringify({ query: '{ __typename }' });
export const post = (...headers: string[]) => [
  'POST /graphql HTTP/1.1',
  'Content-Type: application/json',
  ...headers,
];
export const withBody = (...headers: string[]) => [
  ...post('Host: localhost', ...headers),
  `Content-Length: ${QUERY.length}`,
  '',
  QUERY,
];
export const chunked = (...headers: string[]) => [
  ...post('Host: localhost', ...headers),
  '',
  QUERY.length.toString(16),
  QUERY,
  '0',
  '',
  '',
];
export const get = (target: string, ...headers: string[]) => [
  `GET ${target} HTTP/1.1`,
  ...headers,
  '',
  '',
];

/** Headers by name. */
export type Headers = Readonly<Record<string, string>>;

const HOST = 'auth.example.com';

/** Returns the text of an HTTP request without a body. */
export const get = (path: string, headers: Headers = {}): string =>
  `GET ${path} HTTP/1.1\r\n${head(headers)}\r\n`;

/** Returns the text of an HTTP request with a JSON body in ASCII. */
export function post(path: string, body: unknown, headers: Headers = {}): string {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  const all = { 'content-type': 'application/json', 'content-length': length, ...headers };
  return `POST ${path} HTTP/1.1\r\n${head(all)}\r\n${text}`;
}

export const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

const head = (headers: Headers) =>
  Object.entries({ host: HOST, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** The address to come from; the whole of 127.0.0.0/8 is this machine. */
  readonly from?: string;
  /** The agent that keeps connections. */
  readonly agent?: Agent;
  /** Authority to trust, and the name of the server, for `https:`. */
  readonly tls?: { readonly ca: string; readonly servername: string };
}

/** One HTTP request. `fetch` would not let a test choose the address that it comes from. */
export function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, from = '127.0.0.1', agent, tls } = options;
  const send = tls ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      { method, headers, localAddress: from, agent, ...tls },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const { statusCode: status = 0, headers } = incoming;
          resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

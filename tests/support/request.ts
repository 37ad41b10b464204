import { type Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

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
}

/** One HTTP request. `fetch` would not let a test choose the address that it comes from. */
export function request(url: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, from = '127.0.0.1', agent } = options;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      { method, headers, localAddress: from, agent },
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

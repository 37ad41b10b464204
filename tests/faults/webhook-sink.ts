import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/** State of a receiver. */
export type ReceiverMode = 'healthy' | 'down' | 'silent' | 'failing' | 'cutting' | 'redirecting';

/** One message that arrived. */
export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly isSigned: boolean;
  /** Whether the worker was told that it is accepted. */
  readonly isAccepted: boolean;
}

/** A receiver of webhooks that can fail, and keeps all messages. */
export class WebhookSink {
  /** Secret of the webhook. */
  secret = '';
  readonly received: ReceivedMessage[] = [];
  /** Number of requests at the private address to which it redirects. */
  redirected = 0;
  #mode: ReceiverMode = 'healthy';
  #port = 0;
  readonly #server = createServer((request, response) => void this.#receive(request, response));
  readonly #private = createServer((_request, response) => {
    this.redirected += 1;
    response.writeHead(204).end();
  });

  async open(): Promise<void> {
    this.#port = await listen(this.#server, 0);
    await listen(this.#private, 0);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async setMode(mode: ReceiverMode): Promise<void> {
    this.#mode = mode;
    // Ends connections that the former mode keeps waiting.
    this.#server.closeAllConnections();
    if (mode === 'down') this.#server.close();
    else if (!this.#server.listening) await listen(this.#server, this.#port);
  }

  close(): void {
    for (const server of [this.#server, this.#private]) {
      server.closeAllConnections();
      server.close();
    }
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A worker that is killed sends half a message.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const isAccepted = this.#mode === 'healthy' && !response.destroyed;
    this.received.push({ ...this.#read(request, body), isAccepted });
    if (this.#mode === 'cutting') request.socket.destroy();
    if (this.#mode === 'failing') response.writeHead(500).end();
    if (this.#mode === 'redirecting') response.writeHead(307, { location: this.#target }).end();
    if (isAccepted) response.writeHead(204).end();
  }

  get #target(): string {
    return `http://127.0.0.1:${(this.#private.address() as AddressInfo).port}/`;
  }

  /** Ignores the age of the timestamp: the clock of a worker may be wrong. */
  #read({ headers }: IncomingMessage, body: string): Omit<ReceivedMessage, 'isAccepted'> {
    const id = String(headers['webhook-id']);
    const sent = new Date(Number(headers['webhook-timestamp']) * 1000);
    const isSigned = new Webhook(this.secret).sign(id, sent, body) === headers['webhook-signature'];
    return { id, type: JSON.parse(body).type, isSigned };
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

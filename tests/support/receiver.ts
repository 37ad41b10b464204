import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';
import type { Certificate } from './certificates.ts';

/** A message as it arrived. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly message: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Record<string, unknown>;
  };
  /** Whether a secret verifies it, by the library of Standard Webhooks. */
  isSignedWith(secret: string): boolean;
}

/** A receiver of webhooks that can misbehave. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** Answers a request; by default with 204. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
}

const accept: Receiver['answer'] = (response) => response.writeHead(204).end();

/** Starts a receiver on 127.0.0.1 until the test ends. With a certificate it uses TLS. */
export async function startReceiver(certificate?: Certificate): Promise<Receiver> {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    void text(request).then((body) => {
      received.push(read(request, body));
      receiver.answer(response, request);
    });
  };
  const { cert, key } = certificate ?? {};
  const server: Server = cert
    ? createSecureServer({ cert, key }, listener)
    : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `${certificate ? 'https' : 'http'}://localhost:${port}/hook?key=1`;
  const receiver: Receiver = { url, port, received, answer: accept };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

function read({ headers }: IncomingMessage, body: string): Received {
  return {
    id: String(headers['webhook-id']),
    headers,
    body,
    message: JSON.parse(body),
    isSignedWith(secret) {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    },
  };
}

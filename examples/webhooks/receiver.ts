import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** Bytes of a message, at most. */
const MAX_BODY = 100_000;

/** A message of Gatehouse. */
export interface Message {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ReceiverOptions {
  /** `whsec_…`, as `createWebhook` returned it. */
  readonly secret: string;
  /**
   * Stores the id of a message, together with what the message changes. Returns false if it is there
   * already. Use a table with a unique column in place of this memory.
   */
  readonly handleOnce: (id: string, message: Message) => Promise<boolean>;
}

/** Creates a server that accepts each message once, and answers 400 to wrong signatures. */
export function createReceiver({ secret, handleOnce }: ReceiverOptions): Server {
  const webhook = new Webhook(secret);
  const receive = async (request: IncomingMessage): Promise<number> => {
    if (request.method !== 'POST') return 405;
    if (Number(request.headers['content-length'] ?? Infinity) > MAX_BODY) return 413;
    // The signature covers the body as it was sent, not as it is parsed.
    const body = await text(request);
    const headers = request.headers as Record<string, string>;
    const message = webhook.verify(body, headers) as Message;
    await handleOnce(headers['webhook-id'] ?? '', message);
    return 204;
  };
  return createServer((request, response) => {
    receive(request).then(
      (status) => response.writeHead(status).end(),
      // Gatehouse sends the message again after any status but 2xx.
      (error) => response.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end(),
    );
  });
}

/** A signed message for a receiver. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A receiver did not accept a message. The code is `HTTP 500`, `TIMEOUT`, or one of the system. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly code: string;

  constructor(code: string, cause?: unknown) {
    super(`The receiver did not accept the message (${code}).`, { cause });
    this.code = code;
  }
}

/** Sends a message. @throws DeliveryError unless the receiver answers 2xx in time */
export type SendWebhook = (request: WebhookRequest) => Promise<void>;

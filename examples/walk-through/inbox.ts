interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly code: string | null;
}

/** Maximum time until a mail arrives, in milliseconds. */
const MAX_WAIT = 10_000;

/** Thrown if the service runs in production, or if the URL belongs to another service. */
export class NoInboxError extends Error {
  override readonly name = 'NoInboxError';
}

/** Reads codes from the mails in the development inbox. */
export class Inbox {
  readonly #url: URL;
  readonly #read = new Set<string>();

  constructor(url: string | URL) {
    this.#url = new URL('/inbox', url);
  }

  /**
   * Reads the newest mails.
   *
   * @throws NoInboxError if the service has none; TypeError if it cannot be reached
   */
  async mails(): Promise<InboxMail[]> {
    const response = await fetch(this.#url, { headers: { accept: 'application/json' } });
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    if (!response.ok || !isJson) throw new NoInboxError('There is no development inbox');
    return (await response.json()) as InboxMail[];
  }

  /** Waits for a mail to an address and returns its code. Reads no mail twice. */
  async codeFor(address: string): Promise<string> {
    const end = Date.now() + MAX_WAIT;
    while (Date.now() < end) {
      const mails = await this.mails();
      const mail = mails.find(({ id, to, code }) => to === address && code && !this.#read.has(id));
      if (mail?.code) {
        this.#read.add(mail.id);
        return mail.code;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`No code arrived for ${address} within ${MAX_WAIT / 1000} s.`);
  }
}

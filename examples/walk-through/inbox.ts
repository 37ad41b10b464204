interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly code: string | null;
}

/** Milliseconds that a mail may take. */
const PATIENCE = 10_000;

/** The service runs in production, or the address is that of another service. */
export class NoInboxError extends Error {
  override readonly name = 'NoInboxError';
}

/** The development inbox: what a person does who opens the mail and reads the code. */
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

  /** The code of the newest mail to an address. No mail is read twice. */
  async codeFor(address: string): Promise<string> {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      const mails = await this.mails();
      const mail = mails.find(({ id, to, code }) => to === address && code && !this.#read.has(id));
      if (mail?.code) {
        this.#read.add(mail.id);
        return mail.code;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`no code came for ${address} in ${PATIENCE / 1000} s`);
  }
}

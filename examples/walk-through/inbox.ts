interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly code: string | null;
  readonly text: string;
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
  codeFor(address: string): Promise<string> {
    return this.#find(address, ({ code }) => code);
  }

  /** Waits for a mail to an address with a link to a page that undoes a change. Returns the secret. */
  undoSecretFor(address: string, page: string): Promise<string> {
    const link = new RegExp(`${page}#([\\w-]{43})$`, 'm');
    return this.#find(address, ({ text }) => link.exec(text)?.[1]);
  }

  async #find(address: string, read: (mail: InboxMail) => string | null | undefined) {
    const end = Date.now() + MAX_WAIT;
    while (Date.now() < end) {
      for (const mail of await this.mails()) {
        const found = mail.to === address && !this.#read.has(mail.id) && read(mail);
        if (!found) continue;
        this.#read.add(mail.id);
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`No such mail arrived for ${address} within ${MAX_WAIT / 1000} s.`);
  }
}

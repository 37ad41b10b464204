interface InboxMail {
  readonly id: string;
  readonly to: string;
  readonly code: string | null;
}

/** Milliseconds that a mail may take. */
const PATIENCE = 10_000;

/** The development inbox: what a person does who opens the mail and reads the code. */
export class Inbox {
  readonly #url: URL;
  readonly #read = new Set<string>();

  constructor(url: string | URL) {
    this.#url = new URL('/inbox', url);
  }

  /** The code of the newest mail to an address. No mail is read twice. */
  async codeFor(address: string): Promise<string> {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      const response = await fetch(this.#url, { headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error('no inbox: only `npm start` on this machine has one');
      const mails = (await response.json()) as InboxMail[];
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

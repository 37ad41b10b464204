/** A token of ours, in its compact form. */
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;

/** Patterns of random values. A value in braces is an HMAC of an address, the same in all runs. */
const RANDOM = new RegExp(
  [
    '(?<key>gk_[0-9a-z]{57})',
    String.raw`(?<webhookSecret>whsec_[\w+/]{43}=)`,
    '(?<keyStart>gk_[0-9a-z]{8}(?![0-9a-z]))',
    '(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})',
    String.raw`(?<challenge>\d{4}(?:-\d{4}){9})`,
    String.raw`(?<hash>(?<![\w{-])[\w-]{43}(?![\w-]))`,
    // Secrets and recovery codes of apps; challenges and user handles of passkeys.
    '(?<totpSecret>(?<![A-Z2-7])[A-Z2-7]{32}(?![A-Z2-7]))',
    '(?<recoveryCode>(?<![a-z2-7-])[a-z2-7]{4}(?:-[a-z2-7]{4}){5}(?![a-z2-7-]))',
    String.raw`(?<passkeyChallenge>(?<![\w-])[\w-]{72}(?![\w-]))`,
    String.raw`(?<userHandle>(?<![\w-])[\w-]{86}(?![\w-]))`,
    // The start of a challenge, by which the audit log names it.
    String.raw`(?<![\w-])\d{4}(?:-\d{4}){2}(?![\w-])`,
  ].join('|'),
  'g',
);

/** Numbers random values in their order of appearance, so that two runs can be compared. */
export class Placeholders {
  readonly #placeholders = new Map<string, string>();

  /** Replaces random values by placeholders, and decodes tokens. */
  replaceIn<T>(value: T): T {
    const text = JSON.stringify(value, (_name, part) =>
      typeof part === 'string' && TOKEN.test(part) ? partsOf(part) : part,
    );
    return JSON.parse(
      text.replace(RANDOM, (random, ...rest) => this.#placeholderFor(random, rest.at(-1))),
    );
  }

  #placeholderFor(random: string, forms: Readonly<Record<string, string | undefined>>): string {
    const [form] = Object.entries(forms).find(([, match]) => match !== undefined) ?? [];
    if (form && !this.#placeholders.has(random)) {
      const name = `${form} ${this.#placeholders.size}`;
      this.#placeholders.set(random, name);
      if (form === 'challenge') this.#placeholders.set(random.slice(0, 14), `start of ${name}`);
    }
    return this.#placeholders.get(random) ?? random;
  }
}

function partsOf(token: string): object {
  const [header = '', payload = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: read(header), claims: read(payload) };
}

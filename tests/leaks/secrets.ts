import { createHash, randomBytes } from 'node:crypto';
import { wrongCode } from '#tests/support/flow.ts';
import { base64At, standsAlone, standsAloneInBase64 } from './lone-digits.ts';

type Kind = 'password' | 'code' | 'token' | 'undo';

/** A form of a secret, to be looked for. */
interface Needle {
  readonly what: string;
  readonly isIn: (text: string) => boolean;
}

const TOKEN = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+|\bgk_[0-9a-z]{57}\b|\bwhsec_[\w+/]{43}=/g;

/** Every password, code and token that a run has used. */
export class Secrets {
  readonly #kinds = new Map<string, Kind>();

  /** A password whose every form looks different. */
  password(): string {
    return this.add('password', `Wört "${randomBytes(6).toString('hex')}" & 100% <\\> / \t ~`);
  }

  /** A password that may stand where only a name may. */
  word(): string {
    return this.add('password', `Sesame_${randomBytes(6).toString('hex')}`);
  }

  wrongCode(code: string): string {
    return this.add('code', wrongCode(this.add('code', code)));
  }

  add(kind: Kind, secret: string): string {
    this.#kinds.set(secret, kind);
    return secret;
  }

  addTokensOf(text: string): void {
    for (const [token] of text.matchAll(TOKEN)) this.add('token', token);
  }

  count(wanted: Kind): number {
    return [...this.#kinds.values()].filter((kind) => kind === wanted).length;
  }

  /** Returns the secrets that a text contains, in any encoding. */
  search(): (text: string) => string[] {
    const needles = [...this.#kinds].flatMap(([secret, kind]) => formsOf(secret, kind));
    return (text) => needles.filter(({ isIn }) => isIn(text)).map(({ what }) => what);
  }
}

function formsOf(secret: string, kind: Kind): Needle[] {
  const bytes = Buffer.from(secret);
  const forms: Record<string, readonly string[]> = {
    'as it is': [secret],
    'in JSON': [inJson(secret), inJson(inJson(secret))],
    'in a URL': [encodeURIComponent(secret), `${new URLSearchParams({ '': secret })}`.slice(1)],
    'in HTML': [secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
    'in base64': isCode(secret) ? [] : inBase64(bytes),
    'in hexadecimal': [bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    // Claims and signature of a token: each alone shows that the token was there.
    'in parts': kind === 'token' ? secret.split('.').slice(1) : [],
    // There are too few codes, and people's passwords are too short, for a hash without a key.
    hashed: kind === 'token' || kind === 'undo' ? [] : hashesOf(secret),
  };
  const named = Object.entries(forms).flatMap(([form, texts]) =>
    texts.map((text) => [text, `${kind} ${secret} ${form}`] as const),
  );
  // Many a form looks like another one.
  const needles = [...new Map(named.reverse())].map(([text, what]) => ({
    what,
    isIn: isCode(text) ? standsAlone(text) : (where: string) => where.includes(text),
  }));
  if (!isCode(secret)) return needles;
  return [...needles, { what: `${kind} ${secret} in base64`, isIn: standsAloneInBase64(secret) }];
}

const isCode = (text: string): boolean => /^\d{6}$/.test(text);

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** At each of the three places that it may have in a longer text; without what its neighbours share. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].flatMap((place) => {
    const { own } = base64At(place, bytes);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });

const hashesOf = (secret: string): string[] =>
  ['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) => {
    const hash = createHash(name).update(secret).digest();
    return [hash.toString('hex'), hash.toString('base64'), hash.toString('base64url')];
  });

import { randomInt } from 'node:crypto';
import type { Action } from './action.ts';
import { type ActionName, actions, subjects } from './actions.ts';
import { type Answer, ask, hasOwnToken } from './ask.ts';
import type { Factor } from './factor-proofs.ts';
import { type Entry, Known, type Ledger } from './ledger.ts';
import type { MailSink, ReceivedMail } from './mail-sink.ts';
import { canEnd, noteEnd, type Trust } from './trust.ts';

/** Environment of the simulated users. */
export interface World {
  readonly servers: readonly { readonly name: string; readonly url: string }[];
  readonly mailSink: MailSink;
  readonly ledger: Ledger;
  /** Lifetime of a code, in milliseconds. */
  readonly codeLifetime: number;
  /** Whether servers of the former release are among them, without OAuth endpoints and cookie mode. */
  readonly isFormer?: boolean;
  /** A signed-in `ADMIN`, if there is one. */
  admin?: SimulatedUser;
  /** API key of the `ADMIN`. */
  apiKey?: string;
}

export type Purpose = keyof typeof subjects;

/** A code that was asked for; its mail may not be there yet. */
export interface Pending {
  readonly purpose: Purpose;
  readonly challengeId: string;
  /** Recipient of the mail. */
  readonly to: string;
  /** When it was asked for; it may expire one lifetime of a code later. */
  readonly since: number;
  /** When it has expired, and no mail can come any more. */
  readonly gone: number;
  /** Whether the password was given first: then a first proof keeps it. */
  readonly byPassword: boolean;
}

/** A signed-in device, as its client knows it. */
export interface Device {
  readonly id: string;
  access: string;
  /** When the access token was made. */
  renewed: number;
  /** Every refresh token, the live one last. */
  readonly chain: string[];
  /** `unsure`: an answer was lost that may have ended or rotated it. */
  state: 'live' | 'ended' | 'unsure';
}

/** Returns the part of a request that a device sends, and what its events contain. */
export const through = (device: Device) => ({
  bearer: device.access,
  told: { sessionIds: [device.id], since: device.renewed },
});

/** A request to change the address. Times are epoch in ms. */
export interface AddressChange {
  readonly from: string;
  readonly to: string;
  /** When the code was entered; `unsure` if no answer tells whether it was taken. */
  changed?: number | 'unsure' | undefined;
  /** Confirmations without an answer. */
  readonly lost?: readonly Entry[];
  /** When an undo was sent that ends it. */
  ended?: number;
}

/** An undo, with the addresses before and after it. */
export interface Undo {
  readonly from: string;
  readonly to: string;
  /** Undefined if no answer tells. */
  happened: boolean | undefined;
  /** Requests without an answer. */
  readonly lost: readonly Entry[];
}

type Told = Pick<Entry, 'challenge' | 'sessionIds' | 'since' | 'proof'>;

interface Request {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly bearer?: string | undefined;
  readonly told?: Told;
  /** Address that the effect is recorded at. Default: the user's. */
  readonly email?: string;
  readonly also?: Entry['also'];
  /** Index of the server; any, unless said. */
  readonly server?: number;
  /** Set for a sign-in in a browser, which has this trust. */
  readonly browser?: { readonly trust: Trust | undefined };
}

const domains = ['example.com', 'example.net', 'example.org'];

/** A user at one client, starting before the registration. */
export class SimulatedUser {
  email: string;
  /** All that were requested, oldest first. */
  readonly changes: AddressChange[] = [];
  readonly undos: Undo[] = [];
  /** When a request last got no answer, epoch in ms. */
  unanswered = 0;
  /** When an action that can end the trust in devices last got no answer, epoch in ms. */
  unansweredEnd = 0;
  from = newClient();
  /** Whether an acknowledged answer says that there is an account. */
  exists = false;
  emailVerified = false;
  readonly names = new Known<string | null>(null);
  readonly password = new Known<string | undefined>(undefined);
  readonly devices: Device[] = [];
  readonly pending = new Map<Purpose, Pending>();
  /** Purposes of which a mail may come that nobody waits for: no more codes of them. */
  readonly stray = new Set<Purpose>();
  /** Challenges whose code worked. */
  readonly redeemed: { readonly pending: Pending; readonly code: string }[] = [];
  /** Codes and passwords that were wrong since one was right. */
  wrongCodes = 0;
  wrongPasswords = 0;
  /** Registrations of the address since it was taken. */
  notices = 0;
  /** The second factor, if there is one, and how many were enrolled. */
  factor: Factor | undefined;
  enrolments = 0;
  /** The trust in the browser of this user, since it was first given. */
  trust: Trust | undefined;
  /** Whether this user wants one. */
  readonly isCareful = randomInt(2) === 0;
  /** Whether no lost answer may have changed it. */
  isFactorSure = true;
  /** The account, if it was deleted or may have been. */
  deleted: { readonly id: string; readonly isSure: boolean } | undefined;
  /** A lost answer leaves too much unknown: this user stops. */
  over = false;
  readonly world: World;
  /** The newest entry of this user. */
  last: Entry | undefined;
  readonly #used = new Set<string>();

  constructor(world: World, number: number) {
    this.world = world;
    this.email = `person-${number}@${domains[number % domains.length]}`;
  }

  /** Sends the request and records the result. Retries on the other server if the first refuses the connection. */
  async do(action: ActionName, request: Request = {}): Promise<Answer> {
    const { length } = this.world.servers;
    const first = request.server ?? randomInt(length);
    const answer = await this.#ask(action, request, first);
    if (answer.outcome !== 'unsent' || request.server !== undefined) return answer;
    return this.#ask(action, request, (first + 1) % length);
  }

  async #ask(
    action: ActionName,
    { input, bearer, told, email = this.email, also, browser }: Request,
    server: number,
  ): Promise<Answer> {
    const { servers, ledger, isFormer } = this.world;
    const asked = servers[server] as World['servers'][number];
    const { operation }: Action = actions[action];
    const transports = ['graphql', 'rest', 'oauth', 'cookie'] as const;
    const hasAll = !isFormer && hasOwnToken({ operation, input });
    const drawn = transports[randomInt(hasAll ? 4 : 2)] ?? 'rest';
    const transport = browser ? 'browser' : drawn;
    const at = Date.now();
    const device = browser?.trust?.token;
    const question = { operation, transport, from: this.from, input, bearer, device } as const;
    const answer = await ask(asked.url, question);
    const { outcome, code, status } = answer;
    ledger.entries.push({
      ...{ action, email, server: asked.name, at, took: Date.now() - at, outcome },
      ...(code !== undefined && { code }),
      ...(status !== undefined && { status }),
      ...challengeOf(answer),
      ...told,
      ...(also && { also }),
    });
    this.last = ledger.entries.at(-1);
    if (this.trust && this.last) {
      noteEnd(this.trust, this.last, bearer?.startsWith('ey') ? claimsOf(bearer).sid : undefined);
    }
    if (outcome === 'unknown') this.unanswered = Date.now();
    if (outcome === 'unknown' && canEnd(action)) this.unansweredEnd = Date.now();
    return answer;
  }

  /** Id of the account, once there was a session. */
  get id(): string | undefined {
    const [first] = this.devices;
    return first && claimsOf(first.access).sub;
  }

  /** All addresses that it has, had, or wanted to have. */
  get addresses(): readonly string[] {
    return [...new Set([this.email, ...this.changes.flatMap(({ from, to }) => [from, to])])];
  }

  get live(): Device[] {
    return this.devices.filter(({ state }) => state === 'live');
  }

  /** The mail with the code that is waited for, once it has come. */
  mailOf({ purpose, to, since }: Pending): ReceivedMail | undefined {
    return this.world.mailSink
      .mailsTo(to)
      .find(
        ({ subject, at, messageId }) =>
          subject === subjects[purpose] && at >= since && !this.#used.has(messageId),
      );
  }

  /** A mail counts for one challenge only. */
  use({ messageId }: ReceivedMail): void {
    this.#used.add(messageId);
  }
}

function challengeOf({ data }: Answer): Pick<Entry, 'challenge'> {
  const { challengeId } = data;
  return typeof challengeId === 'string' ? { challenge: challengeName(challengeId) } : {};
}

/** Returns the start of a challenge's name in the audit log, as release 0.2 writes it. */
export const challengeName = (challengeId: string): string => challengeId.slice(0, 8);

/** An address that this user never had. */
export const newAddressOf = ({ addresses: [first = ''], changes }: SimulatedUser): string =>
  first.replace('@', `-${changes.length}@`);

/** A client address that nobody else has. */
export const newClient = (): string =>
  `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;

interface Claims {
  /** Id of the account. */
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  readonly iat: number;
  /** Generation; in refresh tokens only. */
  readonly gen: number;
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

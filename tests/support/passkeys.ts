import { type Operation, type Pair, pairs, restName } from '../equivalence/mapping.ts';
import type { TestApp } from './app.ts';
import { Authenticator, type CeremonyOptions, type Deviations } from './authenticator.ts';
import { Person } from './flow.ts';
import { rest } from './rest.ts';

export const transports = ['GraphQL', 'REST'] as const;
export type Transport = (typeof transports)[number];

/** Origin of the pages of test apps without `PUBLIC_URL`. */
export const ORIGIN = 'http://localhost:8000';

type PasskeyOperation = Extract<Operation, `${string}asskey${string}` | 'exportMyData' | 'stepUp'>;

interface ListedPasskey {
  readonly id: string;
  readonly credentialId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly backedUp: boolean;
}

/** Fields of any answer, named as in GraphQL. */
export interface PasskeyAnswer extends ListedPasskey {
  readonly options: CeremonyOptions & Readonly<Record<string, unknown>>;
  readonly expiresIn: number;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly rpId: string;
  readonly userId: string | null;
  readonly passkeys: readonly ListedPasskey[];
  readonly recoveryCodes: readonly string[];
}

export interface PasskeyOutcome {
  readonly status: number;
  /** Why it was refused; undefined where it was not. */
  readonly code: unknown;
  readonly answer: PasskeyAnswer;
}

/** Names of REST for those of GraphQL, also in nested objects; the JSON of WebAuthn stays as it is. */
function withGraphqlNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withGraphqlNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === 'access' || name === 'refresh') return [`${name}Token`, each];
      const own = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      return [own, name === 'options' ? each : withGraphqlNames(each)];
    }),
  );
}

/** A person who uses passkeys over one of the transports. */
export class PasskeyOwner {
  readonly person: Person;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  token = '';

  constructor(
    app: TestApp,
    transport: Transport = 'GraphQL',
    authenticator = new Authenticator(ORIGIN),
    person = new Person(app),
  ) {
    this.person = person;
    this.transport = transport;
    this.authenticator = authenticator;
  }

  /** A person who has added a passkey, and signed in with it. */
  static async create(app: TestApp, transport?: Transport, authenticator?: Authenticator) {
    const owner = new PasskeyOwner(app, transport, authenticator);
    await owner.signInByCode();
    const { code } = await owner.enrol();
    if (code) throw new Error(`the passkey was refused: ${JSON.stringify(code)}`);
    owner.token = (await owner.signIn()).answer.accessToken;
    return owner;
  }

  async signInByCode(): Promise<void> {
    this.token = (await this.person.signIn()).accessToken;
  }

  async ask(
    operation: PasskeyOperation,
    input: Readonly<Record<string, unknown>> = {},
    token: string | undefined = this.token || undefined,
  ): Promise<PasskeyOutcome> {
    const { app, from } = this.person;
    const { document, method, paths }: Pair = pairs[operation];
    const options = { from, ...(token && { token }) };
    if (this.transport === 'GraphQL') {
      const { status, code, data } = await app.graphql(document.toString(), { input }, options);
      return { status, code, answer: (data?.[operation] ?? {}) as PasskeyAnswer };
    }
    const path = paths[0].replace('{id}', encodeURIComponent(String(input.id)));
    const fields = Object.entries(input).filter(([name]) => !paths[0].includes(`{${name}}`));
    const entries = fields.map(([name, value]) => [restName(name), value]);
    const given = entries.length > 0 ? Object.fromEntries(entries) : undefined;
    const { status, body } = await rest(app, method, path, given, options);
    return { status, code: body.code, answer: withGraphqlNames(body) as PasskeyAnswer };
  }

  async registrationOptions(): Promise<CeremonyOptions> {
    return (await this.ask('passkeyRegistrationOptions')).answer.options;
  }

  async signInOptions(): Promise<CeremonyOptions> {
    return (await this.ask('passkeySignInOptions', {}, undefined)).answer.options;
  }

  /** Adds a passkey of the authenticator. */
  async enrol(name?: string, deviations: Deviations = {}): Promise<PasskeyOutcome> {
    const options = await this.registrationOptions();
    const credential = this.authenticator.create(options, deviations);
    return this.ask('registerPasskey', { credential, ...(name !== undefined && { name }) });
  }

  /** Signs in with a credential of the authenticator: the newest, or a given one. */
  async signIn(
    deviations: Deviations = {},
    credential = this.authenticator.credentials.at(-1),
  ): Promise<PasskeyOutcome> {
    const options = await this.signInOptions();
    const given = this.authenticator.get(options, deviations, credential);
    return this.ask('signInWithPasskey', { credential: given }, '');
  }

  list = () => this.ask('passkeys');
}

import { type Operation, type Pair, pairs, restName } from '#tests/equivalence/mapping.ts';
import type { CeremonyOptions } from '#tests/support/authenticator.ts';
import { Person } from '#tests/support/flow.ts';
import { rest } from '#tests/support/rest.ts';
import type { WatchedApp } from './watched-app.ts';

export const transports = ['GraphQL', 'REST'] as const;
export type Transport = (typeof transports)[number];
export const operations = Object.keys(pairs) as Operation[];

/** Result of an operation, named as in GraphQL. Missing values are empty. */
export interface Given {
  /** Code of a refusal. */
  readonly code: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly challengeId: string;
  readonly ids: readonly string[];
  readonly id: string;
  /** An API key. */
  readonly key: string;
  /** The secret of an authenticator app. */
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** Options for an authenticator. */
  readonly options: CeremonyOptions;
}

type Fields = Readonly<Record<string, unknown>>;
type Shown = Readonly<Record<string, string>> | readonly { readonly id: string }[];

const ofAddress = new Set<string>([
  ...['register', 'login', 'requestOtp', 'verifyOtp', 'forgotPassword', 'resetPassword'],
  'verifyFactor',
]);

/** A person who uses one of the two transports. */
export class Caller extends Person {
  readonly #transport: Transport;
  readonly #outcomes: Set<string>;

  constructor(app: WatchedApp, transport: Transport) {
    super(app);
    this.#transport = transport;
    this.#outcomes = app.outcomes;
  }

  /** @param input where the operation wants an address, it is the own one */
  async ask(operation: Operation, input: Fields = {}, token?: string): Promise<Given> {
    const whole = ofAddress.has(operation) ? { email: this.email, ...input } : input;
    const isRest = this.#transport === 'REST';
    const { code = '', shown } = isRest
      ? await this.#askRest(operation, whole, token)
      : await this.#askGraphql(operation, whole, token);
    this.#outcomes.add(`${this.#transport} ${operation} ${code || 'done'}`);
    const read = (name: string) =>
      (shown as Record<string, string>)[isRest ? restName(name) : name];
    return {
      code,
      accessToken: read('accessToken') ?? '',
      refreshToken: read('refreshToken') ?? '',
      challengeId: read('challengeId') ?? '',
      id: read('id') ?? '',
      key: read('key') ?? '',
      secret: read('secret') ?? '',
      recoveryCodes: (read('recoveryCodes') ?? []) as readonly string[],
      options: (shown as { options?: CeremonyOptions }).options ?? { challenge: '' },
      ids: Array.isArray(shown) ? shown.map(({ id }) => id) : [],
    };
  }

  /** @returns the challenge and the code of the mail that follows */
  async askForCode(
    operation: 'register' | 'login' | 'requestOtp' | 'forgotPassword' | 'requestStepUp',
    input?: Fields,
    token?: string,
  ): Promise<{ readonly challengeId: string; readonly otp: string }> {
    const before = this.codes().length;
    const { challengeId, code } = await this.ask(operation, input, token);
    if (code) {
      const log = this.app.logLines.slice(-5).join('');
      throw new Error(`${operation} was rejected: ${code}\n${log}`);
    }
    return { challengeId, otp: await this.code(before + 1) };
  }

  async #askGraphql(operation: Operation, input: Fields, token?: string) {
    const { from } = this;
    const isEmpty = Object.keys(input).length === 0;
    const isWrapped = !isEmpty && operation !== 'user' && operation !== 'webhookDeliveries';
    const variables = isWrapped ? { input } : { ...input, webhookId: input.id };
    const options = token === undefined ? { from } : { from, token };
    const query = pairs[operation].document.toString();
    const { data, code, errors } = await this.app.graphql<Record<string, Shown>>(
      query,
      variables,
      options,
    );
    const refusal = (errors[0]?.extensions ?? {}) as Shown;
    return { code: code as string | undefined, shown: data?.[operation] ?? refusal };
  }

  async #askRest(operation: Operation, input: Fields, token?: string) {
    const { from } = this;
    const { method, paths }: Pair = pairs[operation];
    const path = paths[0].replace('{id}', encodeURIComponent(String(input.id)));
    const entries = Object.entries(input).map(([name, value]) => [restName(name), value]);
    const hasBody = method === 'POST' || method === 'PUT';
    const body = hasBody ? Object.fromEntries(entries) : undefined;
    const options = token === undefined ? { from } : { from, token };
    const { status, body: shown } = await rest(this.app, method, path, body, options);
    const { code } = shown as { code?: string };
    return { code: status < 400 ? undefined : code, shown: shown as Shown };
  }
}

import type { Operation } from './mapping.ts';

export type CredentialKind =
  | 'access token'
  | 'refresh token'
  | 'sign-in code'
  | 'reset code'
  | 'confirm code'
  | 'change code'
  | 'sign-in challenge'
  | 'reset challenge'
  | 'confirm challenge'
  | 'change challenge'
  | 'undo secret'
  | 'factor challenge'
  | 'factor undo secret'
  | 'app code'
  | 'recovery code'
  | 'new passkey'
  | 'passkey'
  | 'passkey for a sign-in'
  | 'passkey for a step-up'
  | 'passkey id'
  | 'device cookie'
  | 'trusted device'
  | 'session'
  | 'user'
  | 'API key'
  | 'API key id'
  | 'webhook'
  | 'delivery';

/** A credential from a mail or an answer. Its value is known only while a script runs. */
export class CredentialRef {
  readonly kind: CredentialKind;
  /** Whose; undefined for anybody's. */
  readonly of: string | undefined;
  /** 0 is the newest. */
  readonly age: number;
  readonly changed: 'wrong' | 'padded' | 'next' | undefined;

  constructor(kind: CredentialKind, of?: string, age = 0, changed?: CredentialRef['changed']) {
    this.kind = kind;
    this.of = of;
    this.age = age;
    this.changed = changed;
  }

  toJSON(): string {
    const changed = this.changed ? `, ${this.changed}` : '';
    const age = this.age > 0 ? `, ${this.age} before the newest` : '';
    return `‹${this.kind} of ${this.of ?? 'anybody'}${age}${changed}›`;
  }
}

/** Variants of a REST request with the same meaning. */
export interface Way {
  /** Which of the paths. The second one of `refreshTokens` and `logout` is an OAuth endpoint. */
  readonly path: number;
  readonly finalSlash: boolean;
  /** The code as a JSON number. */
  readonly numericCode: boolean;
}

/** A request in cookie mode. */
export interface CookieMode {
  readonly origin: string;
  /** Value of the session cookie; undefined if the browser has none. */
  readonly token: unknown;
  /** Value of the device cookie. */
  readonly device: unknown;
}

/** A request that is independent of the transport. */
export interface Ask {
  readonly operation: Operation;
  /** Which of the devices asks. */
  readonly device: number;
  /** By GraphQL names; undefined sends none at all. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  /** Sent as `Authorization: Bearer`. */
  readonly bearer: unknown;
  readonly cookieMode?: CookieMode | undefined;
  readonly way: Way;
}

export type Step = Ask | { readonly waitSeconds: number } | { readonly makeAdmin: string };

/** Steps of a few users, one after the other. */
export type Script = readonly Step[];

const LONGEST = 160;

/** One line for each step. */
export const readable = (script: Script): string =>
  script.map((step, index) => `${String(index + 1).padStart(4)}  ${lineOf(step)}`).join('\n');

function lineOf(step: Step): string {
  if ('waitSeconds' in step) return `${step.waitSeconds} seconds pass`;
  if ('makeAdmin' in step) return `${step.makeAdmin} becomes an ADMIN`;
  const { operation, device, input, bearer, cookieMode, way } = step;
  const parts = [
    operation,
    input && textOf(input),
    bearer !== undefined && `with the bearer ${textOf(bearer)}`,
    cookieMode && `in cookie mode ${textOf(cookieMode)}`,
    device > 0 && `from device ${device}`,
    way.path > 0 && 'by the second path',
    way.finalSlash && 'with a final slash',
    way.numericCode && 'the code as a number',
  ];
  return parts.filter(Boolean).join(', ');
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part) =>
    typeof part === 'string' && part.length > LONGEST
      ? `${part.slice(0, 20)}… (${part.length} characters)`
      : part,
  );

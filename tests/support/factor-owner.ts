import { base32, createTotpSecret, stepAt, totpCode } from '#src/factors/totp-codes.ts';
import { sealTotp } from '#src/factors/totp-kind.ts';
import {
  type AskedOperation,
  askOver,
  type Outcome,
  type Transport,
} from '../equivalence/either-transport.ts';
import { stepUp } from './api-key.ts';
import type { TestApp } from './app.ts';
import { bytesOf } from './base32.ts';
import { PASSWORD, Person } from './flow.ts';

/** A person with an authenticator app, over one of the transports. */
export class FactorOwner extends Person {
  readonly transport: Transport;
  /** Access token of the newest session. */
  token = '';
  refreshToken = '';
  secret = '';
  recoveryCodes: string[] = [];

  constructor(app: TestApp, transport: Transport = 'GraphQL', person: Partial<Person> = {}) {
    super(app, person.email, person.from);
    this.transport = transport;
  }

  /** A person who has signed up, and may change factors. */
  static async create(app: TestApp, transport: Transport = 'GraphQL'): Promise<FactorOwner> {
    const owner = new FactorOwner(app, transport);
    ({ accessToken: owner.token, refreshToken: owner.refreshToken } = await owner.signUp());
    await stepUp(app, owner);
    return owner;
  }

  /** A person whose authenticator app is in force. Its first code is spent. */
  static async enrolled(app: TestApp, transport: Transport = 'GraphQL'): Promise<FactorOwner> {
    const owner = await FactorOwner.create(app, transport);
    const { code } = await owner.enroll();
    if (code !== undefined) throw new Error(`not enrolled: ${JSON.stringify(code)}`);
    app.clock.advance({ seconds: 30 });
    return owner;
  }

  ask(operation: AskedOperation, input: Record<string, unknown> = {}): Promise<Outcome> {
    const { app, transport, from, token } = this;
    return askOver(transport, app, operation, input, { from, token });
  }

  /** Enrols an app, and confirms it. */
  async enroll(): Promise<Outcome> {
    const { members, code } = await this.ask('enrollTotp');
    if (code !== undefined) return { members, code, challengeId: undefined };
    const before = this.secret;
    this.secret = String(members.secret);
    const confirmed = await this.ask('confirmTotp', { totp: this.totp() });
    const codes = (confirmed.members.recoveryCodes ?? []) as string[];
    if (codes.length > 0) this.recoveryCodes = codes;
    if (confirmed.code !== undefined) this.secret = before;
    return confirmed;
  }

  /** The code that the app shows, or will show some steps later. */
  totp = (later = 0): string =>
    totpCode(bytesOf(this.secret), stepAt(this.app.clock.now()) + later);

  /** Redeems a mailed code. With the factor, this is what a sign-in answers first. */
  async redeem(by: 'requestOtp' | 'login' = 'requestOtp'): Promise<Outcome> {
    await this.app.mailsDelivered();
    const before = this.codes().length;
    const input = by === 'login' ? { password: PASSWORD } : {};
    const { challengeId } = await this.ask(by, { email: this.email, ...input });
    const otp = await this.code(before + 1);
    return this.ask('verifyOtp', { email: this.email, otp, challengeId });
  }

  /** Proves a factor in a sign-in. */
  async prove(challengeId: string | undefined, proof: Record<string, unknown>): Promise<Outcome> {
    const outcome = await this.ask('verifyFactor', { email: this.email, challengeId, ...proof });
    if (outcome.code === undefined) this.token = String(outcome.members.accessToken);
    return outcome;
  }

  /** Signs in with a mailed code and the app. */
  enter = async (): Promise<Outcome> =>
    this.prove((await this.redeem()).challengeId, { totp: this.totp() });

  /** The secrets of the links in mails about the factors, oldest first. */
  undoSecrets = (): string[] =>
    this.mails().flatMap((raw) =>
      Array.from(raw.matchAll(/\/factors\/undo#([\w-]{43})/g), ([, secret = '']) => secret).slice(
        -1,
      ),
    );
}

const ofAddress = '(select id from accounts where email = ?)';

/** Gives an account an authenticator app, without a mail or event. @returns its secret in base32 */
export async function insertFactor(app: TestApp, email: string): Promise<string> {
  const secret = createTotpSecret();
  const [{ id } = { id: '' }] = await app.sql<{ id: string }>(
    'update accounts set factors_since = now() where email = ? returning id',
    [email],
  );
  const sealed = sealTotp(app.runtime.factorSealer, id, secret);
  await app.sql(
    `insert into totp_factors (account_id, sealed_secret, confirmed_at) values (?, ?, now())
     on conflict (account_id) do update set sealed_secret = excluded.sealed_secret`,
    [id, sealed],
  );
  await app.sql(
    `insert into recovery_codes (account_id, hash, created_at)
     select ?, n, now() from generate_series(1, 10) as n on conflict do nothing`,
    [id],
  );
  return base32(secret);
}

/** Takes all factors from an account, without a mail or event. */
export async function removeFactors(app: TestApp, email: string): Promise<void> {
  for (const table of ['totp_factors', 'recovery_codes']) {
    await app.sql(`delete from ${table} where account_id = ${ofAddress}`, [email]);
  }
  await app.sql('update accounts set factors_since = null where email = ?', [email]);
}

import type { User } from '#src/accounts/user.ts';
import type { OtpChallenge } from '#src/otp/request.ts';
import type { AuthPayload } from '#src/sessions/open-session.ts';
import { type GraphqlAnswer, newAddress, newClient, type TestApp } from './app.ts';

/** The operations of the sign-in, as a frontend would send them. */
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { detail } }';
const LOGIN =
  'mutation ($input: LoginInput!) { login(input: $input) { detail expiresIn challengeId } }';
const REQUEST_OTP =
  'mutation ($input: RequestOtpInput!) { requestOtp(input: $input) { detail expiresIn challengeId } }';
const VERIFY_OTP = `mutation ($input: VerifyOtpInput!) { verifyOtp(input: $input) {
  accessToken refreshToken tokenType expiresIn
  user { id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt }
} }`;
const ME =
  '{ me { id email emailVerified hasPassword firstName lastName role createdAt lastLoginAt } }';

export const PASSWORD = 'wool-lantern-73';

/** A row of the audit log. */
export interface AuditRow {
  readonly event: string;
  readonly ip_address: string;
  readonly user_agent: string;
  readonly metadata: Record<string, unknown>;
}

/** One person at one client. */
export class Person {
  readonly app: TestApp;
  readonly email: string;
  from: string;

  constructor(app: TestApp, email = newAddress(), from = newClient()) {
    this.app = app;
    this.email = email;
    this.from = from;
  }

  #do<Data>(query: string, input: object): Promise<GraphqlAnswer<Data>> {
    return this.app.graphql<Data>(query, { input }, { from: this.from });
  }

  register(password = PASSWORD, names: object = {}): Promise<GraphqlAnswer<{ register: object }>> {
    return this.#do(REGISTER, { email: this.email, password, ...names });
  }

  login(password = PASSWORD): Promise<GraphqlAnswer<{ login: OtpChallenge }>> {
    return this.#do(LOGIN, { email: this.email, password });
  }

  requestOtp(): Promise<GraphqlAnswer<{ requestOtp: OtpChallenge }>> {
    return this.#do(REQUEST_OTP, { email: this.email });
  }

  verifyOtp(otp: string, challengeId?: string): Promise<GraphqlAnswer<{ verifyOtp: AuthPayload }>> {
    return this.#do(VERIFY_OTP, { email: this.email, otp, ...(challengeId && { challengeId }) });
  }

  me(token: string): Promise<GraphqlAnswer<{ me: User }>> {
    return this.app.graphql(ME, {}, { token, from: this.from });
  }

  /** The mails that reached the address so far, oldest first. */
  mails(): string[] {
    return this.app.mails.received.filter(({ to }) => to === this.email).map(({ raw }) => raw);
  }

  /** The code of the mail number `count`, counted from 1. */
  code(count = 1): Promise<string> {
    return this.app.eventually(() => codeIn(this.mails()[count - 1]));
  }

  /** Signs in without a password. */
  async signIn(): Promise<AuthPayload> {
    const before = this.mails().length;
    await this.requestOtp();
    const { data } = await this.verifyOtp(await this.code(before + 1));
    if (!data) throw new Error('the code was refused');
    return data.verifyOtp;
  }

  /** The audit events of the address, oldest first. */
  async events(): Promise<AuditRow[]> {
    return this.app.sql('select * from audit_events where email = ? order by id', [this.email]);
  }
}

/** The code stands alone on its line. */
export const codeIn = (raw: string | undefined): string | undefined =>
  /^ {4}(\d{6})\r?$/m.exec(raw ?? '')?.[1];

/** A code that is surely not this one. */
export const wrongCode = (code: string): string =>
  String((Number(code) + 1) % 1_000_000).padStart(6, '0');

import {
  AuditLogsDocument,
  type AuditLogsQuery,
  type AuditLogsQueryVariables,
  ChangePasswordDocument,
  type ChangePasswordInput,
  type ChangePasswordMutation,
  ForgotPasswordDocument,
  type ForgotPasswordMutation,
  LoginDocument,
  type LoginMutation,
  LogoutDocument,
  type LogoutMutation,
  MeDocument,
  type MeQuery,
  RefreshTokensDocument,
  type RefreshTokensMutation,
  RegisterDocument,
  type RegisterInput,
  type RegisterMutation,
  RequestOtpDocument,
  type RequestOtpMutation,
  ResetPasswordDocument,
  type ResetPasswordMutation,
  RevokeOtherSessionsDocument,
  type RevokeOtherSessionsMutation,
  RevokeSessionDocument,
  type RevokeSessionMutation,
  SessionsDocument,
  type SessionsQuery,
  type SignedInFragment,
  type TypedDocumentString,
  UpdateProfileDocument,
  type UpdateProfileInput,
  type UpdateProfileMutation,
  VerifyOtpDocument,
  type VerifyOtpMutation,
} from '../../client/generated/graphql.ts';
import { type GraphqlAnswer, newAddress, newClient, type TestApp } from './app.ts';
import { codeIn, unfold } from './code-in-mail.ts';

export const PASSWORD = 'wool-lantern-73';

/** A row of the audit log. */
export interface AuditRow {
  readonly event: string;
  readonly ip_address: string;
  readonly user_agent: string;
  readonly metadata: Record<string, unknown>;
}

type SignedIn = SignedInFragment & { readonly refreshToken: string };

/** The data of an answer without errors. A refused query leaves its field null. */
type Complete<Data> = {
  [Field in keyof Data]: Data[Field] extends SignedInFragment ? SignedIn : NonNullable<Data[Field]>;
};

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

  #run<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    token?: string,
  ): Promise<GraphqlAnswer<Complete<Data>>> {
    const { from } = this;
    const options = token ? { from, token } : { from };
    return this.app.run(document, variables, options) as Promise<GraphqlAnswer<Complete<Data>>>;
  }

  register(
    password = PASSWORD,
    names: Pick<RegisterInput, 'firstName' | 'lastName'> = {},
  ): Promise<GraphqlAnswer<RegisterMutation>> {
    return this.#run(RegisterDocument, { input: { email: this.email, password, ...names } });
  }

  login(password = PASSWORD): Promise<GraphqlAnswer<LoginMutation>> {
    return this.#run(LoginDocument, { input: { email: this.email, password } });
  }

  requestOtp(): Promise<GraphqlAnswer<RequestOtpMutation>> {
    return this.#run(RequestOtpDocument, { input: { email: this.email } });
  }

  verifyOtp(
    otp: string,
    challengeId?: string,
  ): Promise<GraphqlAnswer<Complete<VerifyOtpMutation>>> {
    return this.#run(VerifyOtpDocument, { input: { email: this.email, otp, challengeId } });
  }

  forgotPassword(): Promise<GraphqlAnswer<ForgotPasswordMutation>> {
    return this.#run(ForgotPasswordDocument, { input: { email: this.email } });
  }

  resetPassword(
    otp: string,
    password: string,
    challengeId?: string,
  ): Promise<GraphqlAnswer<ResetPasswordMutation>> {
    const input = { email: this.email, otp, password, challengeId };
    return this.#run(ResetPasswordDocument, { input });
  }

  refresh(refreshToken: string): Promise<GraphqlAnswer<Complete<RefreshTokensMutation>>> {
    return this.#run(RefreshTokensDocument, { input: { refreshToken } });
  }

  changePassword(
    token: string,
    input: ChangePasswordInput,
  ): Promise<GraphqlAnswer<ChangePasswordMutation>> {
    return this.#run(ChangePasswordDocument, { input }, token);
  }

  sessions(token: string): Promise<GraphqlAnswer<Complete<SessionsQuery>>> {
    return this.#run(SessionsDocument, {}, token);
  }

  revokeSession(token: string, id: string): Promise<GraphqlAnswer<RevokeSessionMutation>> {
    return this.#run(RevokeSessionDocument, { input: { id } }, token);
  }

  revokeOtherSessions(token: string): Promise<GraphqlAnswer<RevokeOtherSessionsMutation>> {
    return this.#run(RevokeOtherSessionsDocument, {}, token);
  }

  /** With the access token, the refresh token, both, or neither. */
  logout(tokens: {
    readonly token?: string;
    readonly refreshToken?: string;
  }): Promise<GraphqlAnswer<LogoutMutation>> {
    const { token, refreshToken } = tokens;
    return this.#run(LogoutDocument, refreshToken ? { input: { refreshToken } } : {}, token);
  }

  updateProfile(
    token: string,
    input: UpdateProfileInput,
  ): Promise<GraphqlAnswer<UpdateProfileMutation>> {
    return this.#run(UpdateProfileDocument, { input }, token);
  }

  me(token: string): Promise<GraphqlAnswer<Complete<MeQuery>>> {
    return this.#run(MeDocument, {}, token);
  }

  /** With the total, unless the variables say otherwise. */
  auditLogs(
    token: string,
    variables: AuditLogsQueryVariables = {},
  ): Promise<GraphqlAnswer<Complete<AuditLogsQuery>>> {
    return this.#run(AuditLogsDocument, { withTotalCount: true, ...variables }, token);
  }

  /** The mails that reached the address so far, oldest first. */
  mails(): string[] {
    const own = this.app.mails.received.filter(({ to }) => to === this.email);
    return own.map(({ raw }) => unfold(raw));
  }

  /** The codes that were mailed so far, oldest first. */
  codes(): string[] {
    return this.mails().flatMap((raw) => codeIn(raw) ?? []);
  }

  /** The code number `count` that was mailed, counted from 1. */
  code(count = 1): Promise<string> {
    return this.app.eventually(() => this.codes()[count - 1]);
  }

  /** Signs in without a password. */
  async signIn(): Promise<SignedIn> {
    return this.#enter(async () => (await this.requestOtp()).data?.requestOtp.challengeId);
  }

  /** Registers and finishes the registration by its code. */
  async signUp(
    password = PASSWORD,
    names: Pick<RegisterInput, 'firstName' | 'lastName'> = {},
  ): Promise<SignedIn> {
    return this.#enter(
      async () => (await this.register(password, names)).data?.register.challengeId,
    );
  }

  async #enter(ask: () => Promise<string | undefined>): Promise<SignedIn> {
    await this.app.mailsDelivered();
    const before = this.codes().length;
    const challengeId = await ask();
    const { data } = await this.verifyOtp(await this.code(before + 1), challengeId);
    if (!data) throw new Error('the code was refused');
    return data.verifyOtp;
  }

  /** The audit events of the address, oldest first. */
  async events(): Promise<AuditRow[]> {
    return this.app.sql('select * from audit_events where email = ? order by id', [this.email]);
  }
}

/** A code that is surely not this one. */
export const wrongCode = (code: string): string =>
  String((Number(code) + 1) % 1_000_000).padStart(6, '0');

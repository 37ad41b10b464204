import { randomUUID } from 'node:crypto';
import {
  AuditLogsDocument,
  ChangeEmailDocument,
  ChangePasswordDocument,
  ConfirmEmailChangeDocument,
  DeleteMyAccountDocument,
  ExportMyDataDocument,
  ForgotPasswordDocument,
  LoginDocument,
  LogoutDocument,
  MeDocument,
  RegisterDocument,
  RequestOtpDocument,
  RequestStepUpDocument,
  ResetPasswordDocument,
  RevokeOtherSessionsDocument,
  RevokeSessionDocument,
  SessionsDocument,
  StepUpDocument,
  UndoEmailChangeDocument,
  UpdateProfileDocument,
  VerifyOtpDocument,
} from '../../client/generated/graphql.ts';
import { FactorVisit } from './factor-visit.ts';
import { GatehouseClient } from './gatehouse-client.ts';
import { GatehouseError } from './gatehouse-error.ts';
import { Inbox } from './inbox.ts';

/** A new user of a frontend of Gatehouse. */
export class Visitor {
  readonly email = `visitor-${randomUUID()}@example.com`;
  readonly client: GatehouseClient;
  readonly #inbox: Inbox;
  readonly #say: (line: string) => void;

  constructor(url: string | URL, say: (line: string) => void) {
    this.client = new GatehouseClient(url);
    this.#inbox = new Inbox(url);
    this.#say = say;
  }

  /** Calls every operation of the service. */
  async walkThrough(): Promise<void> {
    // Fails before it creates an account whose code cannot be read.
    await this.#inbox.mails();
    await this.#registers();
    await this.#changesNames();
    await this.#comesBackLater();

    // Opens a second session, as on another device.
    await this.#signsInWithoutPassword();
    await this.#endsOtherSessions();
    await this.#changesPassword();
    await this.#forgetsPassword();
    await this.#signsInWithPassword('slow-harbour-58');
    await this.#readsAuditLog();
    await this.#exportsData();
    await this.#signsOut();
    await this.#signsInWithPassword('slow-harbour-58');
    await this.#changesAddress();
    await this.#signsInWithoutPassword();
    await this.#usesSecondFactor();
    await this.#deletesAccount();
  }

  async #registers(): Promise<void> {
    const { email, client } = this;
    const attempt = (password: string) =>
      client.execute(RegisterDocument, { input: { email, password, firstName: 'Ada' } });

    const error = await errorOf(attempt('password'));
    this.#say(`register: ${error.code}, password: ${error.fields.password?.join(' ')}`);
    const { register } = await attempt('wool-lantern-73');
    this.#say(`register: ${register.detail}`);
    await this.#typesCode(register.challengeId);
  }

  async #signsInWithPassword(password: string): Promise<void> {
    const { email, client } = this;
    const { login } = await client.execute(LoginDocument, { input: { email, password } });
    this.#say(`login: ${login.detail}, valid for ${login.expiresIn} s`);
    await this.#typesCode(login.challengeId);
  }

  async #signsInWithoutPassword(): Promise<void> {
    const { email, client } = this;
    const { requestOtp } = await client.execute(RequestOtpDocument, { input: { email } });
    this.#say(`requestOtp: ${requestOtp.detail}`);
    await this.#typesCode(requestOtp.challengeId);
  }

  async #typesCode(challengeId: string): Promise<void> {
    const { email, client } = this;
    const otp = await this.#inbox.codeFor(email);
    const { verifyOtp } = await client.execute(VerifyOtpDocument, {
      input: { email, otp, challengeId },
    });
    client.tokens = verifyOtp;
    this.#say(`verifyOtp: signed in as ${verifyOtp.user.email}`);
  }

  async #changesNames(): Promise<void> {
    const input = { firstName: 'Augusta Ada', lastName: 'King' };
    const { updateProfile } = await this.client.execute(UpdateProfileDocument, { input });
    this.#say(`updateProfile: now ${updateProfile.firstName} ${updateProfile.lastName}`);
  }

  /** Replaces the access token by an invalid one, which the client renews. */
  async #comesBackLater(): Promise<void> {
    const { client } = this;
    if (client.tokens) client.tokens = { ...client.tokens, accessToken: 'too old' };
    const { me } = await client.execute(MeDocument, {});
    this.#say(`refreshTokens, me: ${me.firstName} ${me.lastName}, ${me.role}`);
  }

  /** Ends one session by its id, then all others. */
  async #endsOtherSessions(): Promise<void> {
    const { client } = this;
    const { sessions } = await client.execute(SessionsDocument, {});
    this.#say(`sessions: ${sessions.map(({ current }) => (current ? 'this' : 'another')).join()}`);
    const other = sessions.find(({ current }) => !current);
    if (!other) throw new Error('There is no other session.');
    const input = { id: other.id };
    const { revokeSession } = await client.execute(RevokeSessionDocument, { input });
    this.#say(`revokeSession: ${revokeSession.detail}`);
    const { revokeOtherSessions } = await client.execute(RevokeOtherSessionsDocument, {});
    this.#say(`revokeOtherSessions: ${revokeOtherSessions.detail}`);
  }

  async #changesPassword(): Promise<void> {
    const input = { currentPassword: 'wool-lantern-73', newPassword: 'copper-garden-24' };
    const { changePassword } = await this.client.execute(ChangePasswordDocument, { input });
    this.#say(`changePassword: ${changePassword.detail}`);
  }

  /** Resets the password, which ends every session. */
  async #forgetsPassword(): Promise<void> {
    const { email, client } = this;
    const { forgotPassword } = await client.execute(ForgotPasswordDocument, { input: { email } });
    this.#say(`forgotPassword: ${forgotPassword.detail}`);
    const { challengeId } = forgotPassword;
    const otp = await this.#inbox.codeFor(email);
    const { resetPassword } = await client.execute(ResetPasswordDocument, {
      input: { email, otp, password: 'slow-harbour-58', challengeId },
    });
    this.#say(`resetPassword: ${resetPassword.detail}`);
    const { code, message } = await errorOf(client.execute(MeDocument, {}));
    this.#say(`me: ${code} as expected, ${message}`);
  }

  async #readsAuditLog(): Promise<void> {
    let after: string | null = null;
    do {
      const page = await this.#auditLogPage(after);
      for (const { node } of page.edges) {
        this.#say(`auditLogs: ${node.createdAt} ${node.event} from ${node.ipAddress}`);
      }
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
  }

  async #auditLogPage(after: string | null) {
    const { auditLogs } = await this.client.execute(AuditLogsDocument, { first: 5, after });
    return auditLogs;
  }

  async #exportsData(): Promise<void> {
    const { client } = this;
    const { code } = await errorOf(client.execute(ExportMyDataDocument, {}));
    this.#say(`exportMyData: ${code} as expected`);
    await this.#confirmsIdentity();
    const { exportMyData } = await client.execute(ExportMyDataDocument, {});
    this.#say(`exportMyData: ${JSON.stringify(exportMyData).length} characters`);
  }

  /** Confirms the identity with a mailed code. */
  async #confirmsIdentity(): Promise<void> {
    const { client } = this;
    const { requestStepUp } = await client.execute(RequestStepUpDocument, {});
    this.#say(`requestStepUp: ${requestStepUp.detail}`);
    const { challengeId } = requestStepUp;
    const input = { otp: await this.#inbox.codeFor(this.email), challengeId };
    const { stepUp } = await client.execute(StepUpDocument, { input });
    this.#say(`stepUp: ${stepUp.detail}`);
  }

  /** Confirms the identity with the password, changes the address, and undoes the change. */
  async #changesAddress(): Promise<void> {
    const { client } = this;
    await client.execute(StepUpDocument, { input: { password: 'slow-harbour-58' } });
    const newEmail = `new-${this.email}`;
    const { changeEmail } = await client.execute(ChangeEmailDocument, { input: { newEmail } });
    this.#say(`changeEmail: ${changeEmail.detail}`);
    const { challengeId } = changeEmail;
    const { confirmEmailChange } = await client.execute(ConfirmEmailChangeDocument, {
      input: { otp: await this.#inbox.codeFor(newEmail), challengeId },
    });
    this.#say(`confirmEmailChange: ${confirmEmailChange.detail}`);
    const { undoEmailChange } = await client.execute(UndoEmailChangeDocument, {
      input: { secret: await this.#inbox.undoSecretFor(this.email, '/email-change/undo') },
    });
    client.tokens = undefined;
    this.#say(`undoEmailChange: ${undoEmailChange.detail}`);
  }

  async #usesSecondFactor(): Promise<void> {
    const { email, client } = this;
    await new FactorVisit({
      ...{ email, client, inbox: this.#inbox, say: this.#say },
      confirm: () => this.#confirmsIdentity(),
      signIn: () => this.#signsInWithoutPassword(),
      failToSignIn: async () => {
        await this.#signsOut();
        return errorOf(this.#signsInWithoutPassword());
      },
    }).walkThrough();
  }

  async #deletesAccount(): Promise<void> {
    const { client } = this;
    await this.#confirmsIdentity();
    const { deleteMyAccount } = await client.execute(DeleteMyAccountDocument, {});
    client.tokens = undefined;
    this.#say(`deleteMyAccount: ${deleteMyAccount.detail}`);
  }

  async #signsOut(): Promise<void> {
    const { client } = this;
    const { refreshToken } = client.tokens ?? {};
    const { logout } = await client.execute(LogoutDocument, { input: { refreshToken } });
    client.tokens = undefined;
    this.#say(`logout: ${logout.detail}`);
  }
}

/** Returns the error of an operation that is expected to fail. */
async function errorOf(attempt: Promise<unknown>): Promise<GatehouseError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof GatehouseError) return error;
    throw error;
  }
  throw new Error('The operation was expected to fail.');
}

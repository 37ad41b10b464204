import { ResetUserFactorsDocument } from '../../client/generated/graphql.ts';
import type { Outcome } from '../equivalence/either-transport.ts';
import { Administrator, idOf } from './administrator.ts';
import { stepUp } from './api-key.ts';
import type { TestApp } from './app.ts';
import type { CredentialJson } from './authenticator.ts';
import { wrongCode } from './flow.ts';
import { PasskeyFactorOwner } from './passkey-factor-owner.ts';

const DAY = 24 * 3600;
const STOLEN = 'amber-compass-91';
type Proof =
  | { readonly totp: string }
  | { readonly recoveryCode: string }
  | { readonly passkey: CredentialJson };

/**
 * An account whose owner enrolled a factor more than 7 days ago: an authenticator app, or a passkey. A
 * thief reads all mails of the owner, and sees each proof that the owner has used, but has neither a
 * session nor a factor.
 */
export class FactorWorld {
  /** Gains of the thief. */
  readonly violations: string[] = [];
  readonly #app: TestApp;
  readonly #owner: PasskeyFactorOwner;
  readonly #admin: Administrator;
  readonly #id: string;
  readonly #thief: PasskeyFactorOwner;
  readonly #used: Proof[] = [];

  static async create(app: TestApp, first: 'app' | 'passkey'): Promise<FactorWorld> {
    const owner = await PasskeyFactorOwner.create(app);
    const { code } = await (first === 'app' ? owner.enroll() : owner.addPasskey());
    if (code !== undefined) throw new Error(`not enrolled: ${JSON.stringify(code)}`);
    app.clock.advance({ seconds: 7 * DAY + 60 });
    const admin = await Administrator.create(app);
    return new FactorWorld(app, owner, admin, await idOf(app, owner));
  }

  constructor(app: TestApp, owner: PasskeyFactorOwner, admin: Administrator, id: string) {
    this.#app = app;
    this.#owner = owner;
    this.#admin = admin;
    this.#id = id;
    this.#thief = new PasskeyFactorOwner(app, 'GraphQL', { email: owner.email });
  }

  /** Signs the owner in with the app, or else a passkey. @returns whether it worked */
  async signIn(): Promise<boolean> {
    this.#app.clock.advance({ seconds: 60 });
    const totp = this.#owner.secret && this.#owner.totp();
    const { challengeId } = await this.#owner.redeem();
    // Another sign-in has taken the mailed code.
    if (!challengeId) return false;
    const proof = totp ? { totp } : { passkey: await this.#owner.forSignIn(challengeId) };
    const { code } = await this.#owner.prove(challengeId, proof);
    if (code === undefined) this.#used.push(proof);
    return code === undefined;
  }

  /** Signs the owner in by passkey alone, if there is one. @returns whether it worked */
  async signInByPasskey(): Promise<boolean> {
    if (this.#owner.authenticator.credentials.length === 0) return true;
    const passkey = await this.#owner.alone();
    // The session of the other steps stays: they take several requests in it.
    const { code } = await this.#owner.ask('signInWithPasskey', { credential: passkey });
    if (code === undefined) this.#used.push({ passkey });
    return code === undefined;
  }

  /** Adds a passkey, in a session of the owner. */
  addPasskey = () => this.#inSession(() => this.#owner.addPasskey());

  /** Removes a passkey, unless it is the only factor. */
  async removePasskey(): Promise<void> {
    if (!this.#owner.secret) return;
    await this.#inSession(async () => {
      const { credentials } = this.#owner.authenticator;
      const [oldest] = (await this.#owner.passkeyIds()).slice(-1);
      const { code } = await this.#owner.removePasskey(oldest);
      if (code === undefined) credentials.shift();
    });
  }

  /** Removes the app, if there is a passkey. */
  async removeApp(): Promise<void> {
    if (this.#owner.authenticator.credentials.length === 0) return;
    await this.#inSession(async () => {
      const { code } = await this.#owner.ask('removeTotp');
      if (code === undefined) this.#owner.secret = '';
    });
  }

  /** Signs the owner in with the next recovery code. */
  async recover(): Promise<void> {
    const [recoveryCode] = this.#owner.recoveryCodes.splice(0, 1);
    if (!recoveryCode) return;
    const { challengeId } = await this.#owner.redeem();
    // Without the challenge, another sign-in has taken the mailed code: nothing is spent.
    const { code } = await this.#owner.prove(challengeId, { recoveryCode });
    if (code === undefined) this.#used.push({ recoveryCode });
  }

  /** Replaces the app, or renews the recovery codes, in a session of the owner. */
  replace = () => this.#inSession(() => this.#owner.enroll());
  renew = () =>
    this.#inSession(async () => {
      const { members } = await this.#owner.ask('renewRecoveryCodes');
      const codes = members.recoveryCodes as string[] | undefined;
      if (codes) this.#owner.recoveryCodes = [...codes];
    });

  /** Removes the app and enrols another one, as a first factor, until its undo is over. */
  async enrolAnew(): Promise<void> {
    await this.#inSession(async () => {
      await this.#owner.ask('removeTotp');
      await this.#owner.enroll();
    });
    this.#app.clock.advance({ seconds: 7 * DAY + 60 });
  }

  /** Orders the removal of all factors. The waiting time is longer than all steps together. */
  async order(): Promise<void> {
    await this.#admin.change(ResetUserFactorsDocument, { id: this.#id });
  }

  /** The thief signs in with a mailed code, and tries every proof that was used. */
  async steal(): Promise<void> {
    await this.#use(await this.#thief.redeem());
  }

  /** The thief sets a password by mail, and signs in with it. */
  async reset(): Promise<void> {
    await this.#app.mailsDelivered();
    const before = this.#thief.codes().length;
    const challengeId = (await this.#thief.forgotPassword()).data?.forgotPassword.challengeId;
    await this.#thief.resetPassword(await this.#thief.code(before + 1), STOLEN, challengeId);
    const { data } = await this.#thief.login(STOLEN);
    await this.#app.mailsDelivered();
    const otp = this.#thief.codes().at(-1) ?? '';
    const { email } = this.#thief;
    const id = data?.login.challengeId;
    await this.#use(await this.#thief.ask('verifyOtp', { email, otp, challengeId: id }));
  }

  /** The thief uses every link about factors that was mailed. */
  async undo(): Promise<void> {
    await this.#app.mailsDelivered();
    for (const secret of this.#thief.undoSecrets()) {
      const { members } = await this.#thief.ask('undoFactorChange', { secret });
      if (members.detail === 'The factors were removed') this.violations.push('undone');
    }
  }

  async #use({ code, challengeId }: Outcome): Promise<void> {
    if (code === undefined) this.violations.push('signed in with a code alone');
    if (code !== 'MFA_REQUIRED') return;
    const { secret } = this.#owner;
    const guess = { totp: secret ? wrongCode(this.#owner.totp()) : '000000' };
    for (const proof of [...this.#used.slice(-3), guess]) {
      const proved = await this.#thief.prove(challengeId, proof);
      if (proved.code === undefined)
        this.violations.push(`signed in with ${Object.keys(proof)[0]}`);
    }
    for (const proof of this.#used.slice(-3)) {
      if (!('passkey' in proof)) continue;
      const { code } = await this.#thief.ask('signInWithPasskey', { credential: proof.passkey });
      if (code === undefined) this.violations.push('signed in with a used passkey alone');
    }
  }

  async #inSession(act: () => Promise<unknown>): Promise<void> {
    if ((await this.#owner.me(this.#owner.token)).code !== undefined) await this.signIn();
    await stepUp(this.#app, this.#owner);
    await act();
  }
}

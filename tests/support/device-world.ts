import type { Outcome } from '../equivalence/either-transport.ts';
import { stepUp } from './api-key.ts';
import type { TestApp } from './app.ts';
import { PASSWORD, wrongCode } from './flow.ts';
import { DEVICE, TrustedBrowser } from './trusted-browser.ts';

const STOLEN = 'amber-compass-91';

/**
 * An account with an authenticator app, and the browser of its owner. One thief reads all mails of the
 * owner, and has a trusted browser of an account of their own. Another one copies each cookie of a
 * device, and sees each code and proof that was used, but no mails.
 */
export class DeviceWorld {
  /** Gains of the thieves, and uses of a trust that had ended. */
  readonly violations: string[] = [];
  /** Sign-ins that the trust completed. */
  uses = 0;
  readonly #app: TestApp;
  readonly #home: TrustedBrowser;
  readonly #reader: TrustedBrowser;
  readonly #copier: TrustedBrowser;
  readonly #seen: Record<string, unknown>[] = [];
  #password = PASSWORD;
  /** Counts what has happened. */
  #time = 0;
  /** When the browser was trusted, and when the newest end of all trust began. */
  #trusted = -1;
  #ended = -1;

  static async create(app: TestApp): Promise<DeviceWorld> {
    const home = await TrustedBrowser.enrolled(app);
    // The undo of the first enrolment is over.
    app.clock.advance({ seconds: 7 * 24 * 3600 + 60 });
    const eve = await TrustedBrowser.trusted(app);
    return new DeviceWorld(app, home, eve.cookies.get(DEVICE) ?? '');
  }

  constructor(app: TestApp, home: TrustedBrowser, ownCookie: string) {
    this.#app = app;
    this.#home = home;
    this.#reader = home.elsewhere();
    this.#reader.cookies.set(DEVICE, ownCookie);
    this.#copier = home.elsewhere();
  }

  /** Signs the owner in, in the own browser. @returns whether it worked */
  async signIn(trustDevice = false): Promise<boolean> {
    this.#app.clock.advance({ seconds: 60 });
    const before = this.#trusted;
    const hadEnded = before <= this.#ended;
    const { code, members, challengeId } = await this.#home.redeem();
    if (code === undefined) {
      const isSame = this.#trusted === before;
      if (hadEnded && isSame) this.violations.push('a trust that had ended was used');
      this.uses += 1;
      this.#home.token = String(members.accessToken);
      return true;
    }
    // Another sign-in has taken the mailed code.
    if (!challengeId) return false;
    const proof = { totp: this.#home.totp() };
    const proved = await this.#home.prove(challengeId, { ...proof, trustDevice });
    this.#seen.push({ challengeId, ...proof });
    if (proved.code !== undefined) return false;
    if (trustDevice) this.#trusted = ++this.#time;
    return true;
  }

  /** Signs in with the factor, and trusts the own browser, even if it was trusted. */
  async trust(): Promise<void> {
    this.#home.cookies.delete(DEVICE);
    await this.signIn(true);
  }

  logOut = async (): Promise<void> => void (await this.#home.ask('logout'));

  changePassword = () =>
    this.#ending(async () => {
      const next = `${PASSWORD}-${this.#time}`;
      const input = { currentPassword: this.#password, newPassword: next };
      const outcome = await this.#home.ask('changePassword', input);
      if (outcome.code === undefined) this.#password = next;
      return outcome;
    });
  replaceApp = () => this.#ending(() => this.#home.enroll());
  addPasskey = () => this.#ending(() => this.#home.addPasskey());
  removePasskey = () =>
    this.#ending(async () => {
      const [id = 'none'] = await this.#home.passkeyIds();
      return this.#home.removePasskey(id);
    });
  revokeOthers = async () => {
    const other = this.#home.elsewhere();
    this.#app.clock.advance({ seconds: 60 });
    await this.#end(async () => {
      const { code } = await other.enter();
      return code === undefined ? other.ask('revokeOtherSessions') : { code };
    });
  };
  removeDevices = () =>
    this.#ending(async () => {
      let outcome: Pick<Outcome, 'code'> = { code: 'none' };
      for (const { id } of await this.#home.devices()) {
        outcome = await this.#home.ask('removeTrustedDevice', { id });
      }
      return outcome;
    });

  /** The reader of the mails signs in with a code, and the device of another account. */
  readMails = async (): Promise<void> => this.#expectNothing(await this.#reader.redeem());

  /** The reader of the mails sets a password, and signs in with it. */
  async resetPassword(): Promise<void> {
    await this.#end(async () => {
      await this.#app.mailsDelivered();
      const { email } = this.#reader;
      const before = this.#reader.codes().length;
      const { challengeId } = await this.#reader.ask('forgotPassword', { email });
      const otp = await this.#reader.code(before + 1);
      const input = { email, otp, challengeId, password: STOLEN };
      const outcome = await this.#reader.ask('resetPassword', input);
      if (outcome.code === undefined) this.#password = STOLEN;
      return outcome;
    });
    this.#expectNothing(await this.#reader.redeem());
  }

  /** The copier of the cookie signs in without the mails. */
  async copyCookie(): Promise<void> {
    const thief = this.#copier;
    thief.cookies.set(DEVICE, this.#home.cookies.get(DEVICE) ?? 'none');
    const { email } = thief;
    const { challengeId } = await thief.ask('requestOtp', { email });
    const spent = this.#home.spent.slice(-3);
    const guess = wrongCode(spent.at(-1)?.otp ?? '0');
    const inputs = spent.flatMap((input) => [input, { ...input, challengeId }]);
    for (const input of [...inputs, { email, otp: guess, challengeId }, { email, otp: guess }]) {
      const { code } = await thief.ask('verifyOtp', input);
      if (code === undefined) this.violations.push('signed in with a copied cookie');
    }
    for (const seen of this.#seen.slice(-2)) {
      const { code } = await thief.ask('verifyFactor', { email, ...seen, trustDevice: true });
      if (code === undefined) this.violations.push('proved with a used proof');
    }
    const { code } = await thief.ask('refreshTokens');
    if (code === undefined) this.violations.push('refreshed with a copied cookie');
  }

  #expectNothing({ code }: Outcome): void {
    if (code === undefined) this.violations.push('signed in with the mailbox alone');
  }

  /** Runs what ends all trust, in a session of the owner with a step-up. */
  async #ending(act: () => Promise<Pick<Outcome, 'code'>>): Promise<void> {
    if ((await this.#home.me(this.#home.token)).code !== undefined) await this.signIn();
    await stepUp(this.#app, this.#home);
    await this.#end(act);
  }

  async #end(act: () => Promise<Pick<Outcome, 'code'>>): Promise<void> {
    const begun = ++this.#time;
    const { code } = await act();
    if (code === undefined) this.#ended = Math.max(this.#ended, begun);
  }
}

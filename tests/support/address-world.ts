import { DeleteMyAccountDocument } from '../../client/generated/graphql.ts';
import { Mover, newPerson, stepUpAll, undoSecretsOf } from './address-changes.ts';
import { idOf } from './administrator.ts';
import { newAddress, type TestApp } from './app.ts';
import { PASSWORD, Person } from './flow.ts';

export const boxes = ['own', 'first', 'second', 'taken'] as const;
export type Box = (typeof boxes)[number];

/** The new password of a thief, and of somebody who registers an address. */
const STOLEN = 'amber-compass-91';

/** Mailboxes that a thief can read. */
const foreign = ['first', 'second'] as const;

interface Session {
  token: string;
  refreshToken: string;
}

/**
 * An account whose owner can read the mailbox `own`. A thief has a session of it with a step-up,
 * and can read the mailboxes `first` and `second`. `taken` belongs to another account.
 */
export class AddressWorld {
  readonly app: TestApp;
  readonly #people: Readonly<Record<Box, Mover>>;
  readonly #sessions: Session[];
  readonly #id: string;
  readonly #otherId: string;
  /** Losses of the owner, and gains of anybody else. */
  readonly violations: string[] = [];
  #confirmation: Awaited<ReturnType<Mover['request']>>['confirmation'];

  static async create(app: TestApp): Promise<AddressWorld> {
    const [own, taken] = [await Mover.create(app), await Mover.create(app)];
    const ids = [await idOf(app, own), await idOf(app, taken)] as const;
    return new AddressWorld(app, own, taken, ids);
  }

  constructor(app: TestApp, own: Mover, taken: Mover, [id, otherId]: readonly [string, string]) {
    this.app = app;
    this.#people = { own, taken, first: newPerson(app), second: newPerson(app) };
    this.#sessions = [{ token: own.token, refreshToken: own.refreshToken }];
    this.#id = id;
    this.#otherId = otherId;
  }

  /** The thief asks for a change to an address, with the newest session. */
  async request(box: Box): Promise<void> {
    await stepUpAll(this.app);
    const { confirmation } = await (await this.#thief()).request(this.#people[box].email);
    // The thief sees only the codes of the own mailboxes.
    if (box !== 'own' && box !== 'taken') this.#confirmation = confirmation;
  }

  async confirm(): Promise<void> {
    await (await this.#thief()).confirm(this.#confirmation);
  }

  /** Whoever reads a mailbox uses one of its undo secrets. */
  async undo(box: Box, index: number): Promise<void> {
    await this.app.mailsDelivered();
    const secrets = undoSecretsOf(this.#people[box]);
    await newPerson(this.app).undo(secrets.at(-1 - index));
  }

  /** Whoever reads a mailbox signs in by a code. */
  async signIn(box: Box): Promise<void> {
    const entered = await this.#enter(this.#people[box]);
    const isForeign = foreign.some((each) => each === box);
    if (entered?.user.id !== this.#id || !isForeign) return;
    this.#sessions.push({ token: entered.accessToken, refreshToken: entered.refreshToken });
  }

  /** The thief sets a password by a reset, where the mailbox gets a code. */
  async reset(box: Box): Promise<void> {
    if (box === 'own' || box === 'taken') return;
    const person = new Person(this.app, this.#people[box].email);
    await this.app.mailsDelivered();
    const before = person.codes().length;
    const { data } = await person.forgotPassword();
    await this.app.mailsDelivered();
    const code = person.codes()[before];
    if (code) await person.resetPassword(code, STOLEN, data?.forgotPassword.challengeId);
  }

  /** Somebody registers an address with a password, and cannot read its mailbox. */
  async register(box: Box): Promise<void> {
    await new Person(this.app, this.#people[box].email).register(STOLEN);
  }

  /** The thief deletes the account, which must fail as soon as the address has changed. */
  async remove(): Promise<void> {
    const [account] = await this.#accounts();
    if (account?.email === this.#people.own.email) return;
    await stepUpAll(this.app);
    const { token } = await this.#thief();
    const { code } = await this.app.run(DeleteMyAccountDocument, {}, { token });
    this.#check(code !== undefined, 'the account was deleted');
  }

  async wait(hours: number): Promise<void> {
    this.app.clock.advance({ seconds: hours * 3600 });
  }

  /** The owner takes the account back. Checks that the thief and all others have nothing of it. */
  async takeBack(): Promise<void> {
    const { own, first, second, taken } = this.#people;
    await this.app.mailsDelivered();
    const secrets = undoSecretsOf(own);
    const undone = [];
    // The first one restores the address, however far the account has moved meanwhile.
    for (const secret of secrets) undone.push(await newPerson(this.app).undo(secret));
    const [account] = await this.#accounts();
    this.#check(account?.email === own.email, `the address is ${account?.email}`);
    if (undone.includes(undefined)) await this.#checkThief();
    this.#check((await this.#enter(own))?.user.id === this.#id, 'the owner cannot sign in');
    for (const { email } of [first, second, new Mover(this.app)]) {
      const entered = await this.#enter(newPerson(this.app, email));
      this.#check(entered?.user.id !== this.#id, `${email} signs in`);
    }
    const other = await this.#enter(taken);
    this.#check(other?.user.id === this.#otherId, 'another account lost its address');
  }

  async #checkThief(): Promise<void> {
    for (const { token, refreshToken } of this.#sessions) {
      const me = await this.#people.first.me(token);
      const refreshed = await this.#people.first.refresh(refreshToken);
      this.#check(me.code === 'UNAUTHENTICATED', 'a session of the thief lives');
      this.#check(refreshed.code === 'INVALID_TOKEN', 'a session of the thief is renewed');
    }
    for (const box of foreign) {
      for (const secret of undoSecretsOf(this.#people[box])) {
        const code = await newPerson(this.app).undo(secret);
        this.#check(code === 'INVALID_OTP', 'the thief undoes the undo');
      }
    }
    for (const password of [STOLEN, PASSWORD]) {
      const login = await new Person(this.app, this.#people.own.email).login(password);
      this.#check(login.code === 'INVALID_CREDENTIALS', `the password ${password} works`);
    }
  }

  /** The thief with the newest session, whose tokens are renewed if they have expired. */
  async #thief(): Promise<Mover> {
    const session = this.#sessions.at(-1);
    const thief = new Mover(this.app, newAddress());
    if (!session) return thief;
    if ((await thief.me(session.token)).code) {
      const { data } = await thief.refresh(session.refreshToken);
      if (data) {
        session.token = data.refreshTokens.accessToken;
        session.refreshToken = data.refreshTokens.refreshToken;
      }
    }
    return Object.assign(thief, { token: session.token });
  }

  /** Signs in with a mailed code, if one comes. */
  async #enter({ email }: Person) {
    const person = new Person(this.app, email);
    await this.app.mailsDelivered();
    const before = person.codes().length;
    const { data } = await person.requestOtp();
    await this.app.mailsDelivered();
    const code = person.codes()[before];
    if (!code) return undefined;
    return (await person.verifyOtp(code, data?.requestOtp.challengeId)).data?.verifyOtp;
  }

  #check(isRight: boolean, violation: string): void {
    if (!isRight) this.violations.push(violation);
  }

  #accounts = () =>
    this.app.sql<{ id: string; email: string }>('select id, email from accounts where id = ?', [
      this.#id,
    ]);
}

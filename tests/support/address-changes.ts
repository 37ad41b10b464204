import { type AskedOperation, askOver, type Transport } from '../equivalence/either-transport.ts';
import { newAddress, type TestApp } from './app.ts';
import { codeIn, undoSecretIn } from './code-in-mail.ts';
import { Person } from './flow.ts';

/** The undo secrets that were mailed to an address so far, oldest first. */
export const undoSecretsOf = (person: Person): string[] =>
  person.mails().flatMap((raw) => undoSecretIn(raw) ?? []);

/** Gives every session a recent step-up. */
export const stepUpAll = (app: TestApp) =>
  app.sql('update sessions set stepped_up_at = ?', [app.clock.now()]);

/** A signed-in person who changes the address, over one of the transports. */
export class Mover extends Person {
  token = '';
  refreshToken = '';
  way: Transport = 'GraphQL';

  static async create(app: TestApp, way: Transport = 'GraphQL', email?: string): Promise<Mover> {
    const mover = new Mover(app, email);
    mover.way = way;
    const { accessToken, refreshToken } = await mover.signUp();
    await stepUpAll(app);
    return Object.assign(mover, { token: accessToken, refreshToken });
  }

  /** Another person at another address, with this one's session. */
  thief(): Mover {
    return Object.assign(new Mover(this.app), { token: this.token, way: this.way });
  }

  ask(operation: AskedOperation, input: Readonly<Record<string, unknown>>) {
    const { from, token, way, app } = this;
    return askOver(way, app, operation, input, token ? { from, token } : { from });
  }

  /** Asks for a change. @returns the outcome, and the code once it is in the new mailbox */
  async request(newEmail: string) {
    const outcome = await this.ask('changeEmail', { newEmail });
    const { challengeId } = outcome;
    if (!challengeId) return { ...outcome, confirmation: undefined };
    await this.app.mailsDelivered();
    const otp = codeIn(new Person(this.app, newEmail).mails().at(-1)) ?? '000000';
    return { ...outcome, confirmation: { otp, challengeId } };
  }

  confirm = async (input: { otp: string; challengeId: string } | undefined) =>
    (await this.ask('confirmEmailChange', input ?? {})).code;

  /** Changes the address. @returns the code of a refusal */
  async move(newEmail: string): Promise<unknown> {
    const { confirmation, code } = await this.request(newEmail);
    return code ?? this.confirm(confirmation);
  }

  undo = async (secret: string | undefined) =>
    (await this.ask('undoEmailChange', { secret: secret ?? 'none' })).code;

  /** The account that is signed in, if the session is active. */
  account = async () => (await this.me(this.token)).data?.me ?? undefined;
}

/** A person at a new address. */
export const newPerson = (app: TestApp, email = newAddress()): Mover => new Mover(app, email);

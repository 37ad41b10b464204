import type { Outcome, Transport } from '../equivalence/either-transport.ts';
import { stepUp } from './api-key.ts';
import type { TestApp } from './app.ts';
import {
  Authenticator,
  type CeremonyOptions,
  type CredentialJson,
  type Deviations,
} from './authenticator.ts';
import { FactorOwner } from './factor-owner.ts';
import { ORIGIN } from './passkeys.ts';

const optionsOf = ({ members }: Outcome) => members.options as CeremonyOptions;

/** A person whose second factors are passkeys, and perhaps an app, over one of the transports. */
export class PasskeyFactorOwner extends FactorOwner {
  authenticator = new Authenticator(ORIGIN);

  /** A person who has signed up, and may change factors. */
  static override async create(app: TestApp, transport: Transport = 'GraphQL') {
    const owner = new PasskeyFactorOwner(app, transport);
    ({ accessToken: owner.token, refreshToken: owner.refreshToken } = await owner.signUp());
    await stepUp(app, owner);
    return owner;
  }

  /** A person whose only factor is a passkey. */
  static override async enrolled(app: TestApp, transport: Transport = 'GraphQL') {
    const owner = await PasskeyFactorOwner.create(app, transport);
    const { code } = await owner.addPasskey();
    if (code !== undefined) throw new Error(`not enrolled: ${JSON.stringify(code)}`);
    return owner;
  }

  async addPasskey(): Promise<Outcome> {
    const asked = await this.ask('passkeyRegistrationOptions');
    if (asked.code !== undefined) return asked;
    const credential = this.authenticator.create(optionsOf(asked));
    const added = await this.ask('registerPasskey', { credential });
    const codes = (added.members.recoveryCodes ?? []) as string[];
    if (codes.length > 0) this.recoveryCodes = codes;
    const { credentials } = this.authenticator;
    if (added.code !== undefined) {
      credentials.splice(0, Infinity, ...credentials.filter(({ id }) => id !== credential.id));
    }
    return added;
  }

  /** The IDs of the passkeys, the newest first. */
  async passkeyIds(): Promise<string[]> {
    const { passkeys } = (await this.ask('passkeys')).members;
    return ((passkeys ?? []) as { id: string }[]).map(({ id }) => id);
  }

  /** Removes a passkey. */
  removePasskey = (id: string | undefined): Promise<Outcome> => this.ask('removePasskey', { id });

  /** A response for a sign-in that waits for a factor. */
  async forSignIn(challengeId: string | undefined, deviations?: Deviations) {
    const asked = await this.ask('passkeyFactorOptions', { challengeId });
    return this.authenticator.get(optionsOf(asked), deviations);
  }

  /** A response for a step-up. */
  async forStepUp(deviations?: Deviations): Promise<CredentialJson> {
    return this.authenticator.get(optionsOf(await this.ask('passkeyStepUpOptions')), deviations);
  }

  /** A response for a sign-in by passkey alone. */
  async alone(deviations?: Deviations): Promise<CredentialJson> {
    return this.authenticator.get(optionsOf(await this.ask('passkeySignInOptions')), deviations);
  }

  /** Signs in by passkey alone. */
  async signInByPasskey(): Promise<Outcome> {
    const outcome = await this.ask('signInWithPasskey', { credential: await this.alone() });
    if (outcome.code === undefined) this.token = String(outcome.members.accessToken);
    return outcome;
  }

  /** Signs in with a mailed code and a passkey. */
  async enterByPasskey(): Promise<Outcome> {
    const { challengeId } = await this.redeem();
    return this.prove(challengeId, { passkey: await this.forSignIn(challengeId) });
  }
}

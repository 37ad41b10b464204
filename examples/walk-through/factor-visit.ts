import {
  ConfirmTotpDocument,
  EnrollTotpDocument,
  FactorsDocument,
  RemoveTotpDocument,
  RenewRecoveryCodesDocument,
  StepUpDocument,
  UndoFactorChangeDocument,
  VerifyFactorDocument,
} from '../../client/generated/graphql.ts';
import { AuthenticatorApp } from './authenticator-app.ts';
import type { GatehouseClient } from './gatehouse-client.ts';
import type { GatehouseError } from './gatehouse-error.ts';
import type { Inbox } from './inbox.ts';

/** The user of a visit. */
interface Person {
  readonly email: string;
  readonly client: GatehouseClient;
  readonly inbox: Inbox;
  readonly say: (line: string) => void;
  /** Confirms the identity in this session with a mailed code. */
  confirm(): Promise<void>;
  /** Signs in with a mailed code. */
  signIn(): Promise<void>;
  /** Redeems a mailed code, and returns the error that asks for the factor. */
  failToSignIn(): Promise<GatehouseError>;
}

/** A visit of a user who adds and removes a second factor. */
export class FactorVisit {
  readonly #person: Person;

  constructor(person: Person) {
    this.#person = person;
  }

  /** Calls every operation of authenticator apps and recovery codes. */
  async walkThrough(): Promise<void> {
    const { email, client, inbox, say, signIn } = this.#person;
    const { app, recoveryCodes } = await this.#enrols();
    // The code that confirmed the app is used. The next one is accepted half a minute early.
    await this.#signsInWith(app.code(1));
    const [recoveryCode] = recoveryCodes;
    const { stepUp } = await client.execute(StepUpDocument, { input: { recoveryCode } });
    say(`stepUp: ${stepUp.detail}`);
    const { renewRecoveryCodes } = await client.execute(RenewRecoveryCodesDocument, {});
    say(`renewRecoveryCodes: ${renewRecoveryCodes.detail}`);
    const secret = await inbox.undoSecretFor(email, '/factors/undo');
    const { undoFactorChange } = await client.execute(UndoFactorChangeDocument, {
      input: { secret },
    });
    say(`undoFactorChange: ${undoFactorChange.detail}`);
    client.tokens = undefined;
    await signIn();
    await this.#enrols();
    const { removeTotp } = await client.execute(RemoveTotpDocument, {});
    say(`removeTotp: ${removeTotp.detail}`);
  }

  /** Adds an authenticator app. */
  async #enrols() {
    const { client, say, confirm } = this.#person;
    await confirm();
    const { enrollTotp } = await client.execute(EnrollTotpDocument, {});
    say(`enrollTotp: ${enrollTotp.uri.replace(/secret=\w+/, 'secret=…')}`);
    const app = new AuthenticatorApp(enrollTotp.secret);
    const { confirmTotp } = await client.execute(ConfirmTotpDocument, {
      input: { totp: app.code() },
    });
    const { recoveryCodes } = confirmTotp;
    say(`confirmTotp: ${confirmTotp.detail}, ${recoveryCodes.length} recovery codes`);
    const { factors } = await client.execute(FactorsDocument, {});
    say(`factors: ${factors.kinds.join()}`);
    return { app, recoveryCodes };
  }

  /** Signs in with a mailed code and a code of the app. */
  async #signsInWith(totp: string): Promise<void> {
    const { email, client, say, failToSignIn } = this.#person;
    const { code, challengeId = '' } = await failToSignIn();
    say(`verifyOtp: ${code} as expected`);
    const { verifyFactor } = await client.execute(VerifyFactorDocument, {
      input: { email, challengeId, totp },
    });
    client.tokens = verifyFactor;
    say(`verifyFactor: signed in as ${verifyFactor.user.email}`);
  }
}

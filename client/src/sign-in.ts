import type { FactorName } from '../generated/enums.ts';
import type { GatehouseClient } from './client.ts';
import type { GatehouseError, Result } from './result.ts';
import type { User } from './session-storage.ts';

/** State of one sign-in. Each change is a new object. */
export interface SignInState {
  /** The form to show: address → (password →) code → (factor →) done. */
  readonly step: 'address' | 'password' | 'code' | 'factor' | 'done';
  /** The address that was entered. */
  readonly email: string;
  /** Whether the service is being asked. Actions do nothing meanwhile. */
  readonly isBusy: boolean;
  /** The last error. Removed by the next action. */
  readonly error: GatehouseError | undefined;
  /** Set while the service rejects every attempt: after too many wrong ones, or too many requests. */
  readonly blocked: 'locked' | 'limited' | 'unavailable' | undefined;
  /** Seconds until the next attempt is useful. 0 if nothing is blocked. */
  readonly blockedFor: number;
  /** Seconds until `resend` is useful. */
  readonly resendIn: number;
  /** The factors that complete the sign-in, in the step `factor`. */
  readonly factors: readonly FactorName[];
  /** Identifies the sign-in in the step `factor`, for `passkeys.prove`. */
  readonly challengeId: string | undefined;
  /** Days for which `trustDevice` would trust this browser, in the step `factor`, if it can be. */
  readonly trustDeviceDays: number | undefined;
  /** The signed-in account, in the step `done`. */
  readonly user: User | undefined;
}

/** A code of the authenticator app, a passkey, or a recovery code. */
export type FactorProof = Omit<
  Parameters<GatehouseClient['verifyFactor']>[0],
  'email' | 'challengeId'
>;

type RegisterInput = Parameters<GatehouseClient['register']>[0];

export interface SignInActions {
  /** Mails a code to the address. The next step is `code`. */
  sendCode(email: string): Promise<void>;
  /** Asks for the password of the address next. */
  choosePassword(email: string): void;
  /** Checks the password and mails a code. The next step is `code`. */
  submitPassword(password: string): Promise<void>;
  /** Creates an account and mails a code. The next step is `code`. */
  register(input: RegisterInput): Promise<void>;
  /** Redeems the code. The next step is `factor` for an account with a second factor, else `done`. */
  submitCode(otp: string): Promise<void>;
  /** Completes the sign-in with a second factor. The last step is `done`. */
  submitFactor(proof: FactorProof): Promise<void>;
  /** Mails another code, in the same way as the first one. */
  resend(): Promise<void>;
  /** Returns to the step `address` and keeps the address. */
  restart(): void;
}

/** A sign-in that any view can subscribe to. */
export interface SignIn extends SignInActions {
  getState(): SignInState;
  subscribe(listener: () => void): () => void;
}

export interface SignInOptions {
  /** Seconds after which `resend` is offered. 30 by default. */
  readonly resendAfter?: number;
}

type Challenge = Result<{ readonly challengeId: string }>;

const initial: SignInState = {
  step: 'address',
  email: '',
  isBusy: false,
  error: undefined,
  blocked: undefined,
  blockedFor: 0,
  resendIn: 0,
  factors: [],
  challengeId: undefined,
  trustDeviceDays: undefined,
  user: undefined,
};

/** Creates the state machine of a sign-in, for a view of any framework. */
export function createSignIn(client: GatehouseClient, options: SignInOptions = {}): SignIn {
  return new SignInMachine(client, options.resendAfter ?? 30);
}

class SignInMachine implements SignIn {
  readonly #client: GatehouseClient;
  readonly #resendAfter: number;
  readonly #listeners = new Set<() => void>();
  #state = initial;
  #challengeId = '';
  /** Asks for the last code again. It may hold a password, until the sign-in ends. */
  #again: (() => Promise<Challenge>) | undefined;
  /** Times in ms. */
  readonly #until = { blocked: 0, resend: 0 };
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Counts restarts, so that a late response changes nothing. */
  #round = 0;

  constructor(client: GatehouseClient, resendAfter: number) {
    this.#client = client;
    this.#resendAfter = resendAfter;
  }

  getState = (): SignInState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#tick();
    return () => {
      this.#listeners.delete(listener);
      this.#tick();
    };
  };

  sendCode = (email: string) => this.#mail(email, () => this.#client.requestOtp({ email }));

  choosePassword = (email: string): void => {
    if (!this.#state.isBusy) this.#set({ step: 'password', email, error: undefined });
  };

  submitPassword = (password: string) => {
    const { email } = this.#state;
    return this.#mail(email, () => this.#client.login({ email, password }));
  };

  register = (input: RegisterInput) => this.#mail(input.email, () => this.#client.register(input));

  resend = async (): Promise<void> => {
    if (this.#again) await this.#mail(this.#state.email, this.#again);
  };

  submitCode = async (otp: string): Promise<void> => {
    const { email } = this.#state;
    const data = await this.#attempt(() =>
      this.#client.verifyOtp({ email, otp, challengeId: this.#challengeId }),
    );
    const { error } = this.#state;
    if (error?.code === 'MFA_REQUIRED') {
      this.#again = undefined;
      this.#challengeId = error.challengeId;
      const { factors, challengeId, trustDeviceDays } = error;
      const asked = { factors, challengeId, trustDeviceDays };
      this.#set({ step: 'factor', ...asked, error: undefined, resendIn: 0 });
    } else if (data) this.#finish(data.user);
  };

  submitFactor = async (proof: FactorProof): Promise<void> => {
    const { email } = this.#state;
    const data = await this.#attempt(() =>
      this.#client.verifyFactor({ ...proof, email, challengeId: this.#challengeId }),
    );
    if (data) this.#finish(data.user);
  };

  #finish(user: User): void {
    this.#again = undefined;
    this.#set({ step: 'done', user, resendIn: 0 });
  }

  restart = (): void => {
    this.#round += 1;
    this.#again = undefined;
    this.#until.resend = 0;
    const { email, blocked, blockedFor } = this.#state;
    this.#set({ ...initial, email, blocked, blockedFor });
  };

  async #mail(email: string, ask: () => Promise<Challenge>): Promise<void> {
    const data = await this.#attempt(ask, email);
    if (!data) return;
    this.#challengeId = data.challengeId;
    this.#again = ask;
    this.#until.resend = Date.now() + this.#resendAfter * 1000;
    this.#set({ step: 'code', resendIn: this.#resendAfter });
    this.#tick();
  }

  /** Runs an operation unless another one runs. Returns its data if the state still wants it. */
  async #attempt<Data>(
    operation: () => Promise<Result<Data>>,
    email = this.#state.email,
  ): Promise<Data | undefined> {
    if (this.#state.isBusy) return undefined;
    const round = this.#round;
    this.#set({ email, isBusy: true, error: undefined });
    const { data, error } = await operation();
    if (round !== this.#round) return undefined;
    if (error && 'retryAfter' in error) this.#until.blocked = Date.now() + error.retryAfter * 1000;
    const blocked = error && blocks[error.code];
    this.#set({ isBusy: false, error, blocked, ...this.#seconds() });
    this.#tick();
    return data;
  }

  #seconds() {
    const left = (time: number) => Math.max(0, Math.ceil((time - Date.now()) / 1000));
    return { blockedFor: left(this.#until.blocked), resendIn: left(this.#until.resend) };
  }

  /** Counts down while somebody watches. */
  #tick(): void {
    const seconds = this.#seconds();
    const isWaiting = seconds.blockedFor > 0 || seconds.resendIn > 0;
    if (isWaiting && this.#listeners.size > 0) {
      this.#timer ??= setInterval(() => this.#tick(), 1000);
    } else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    const { blocked, blockedFor, resendIn } = this.#state;
    if (blockedFor === seconds.blockedFor && resendIn === seconds.resendIn) return;
    this.#set({ ...seconds, blocked: seconds.blockedFor > 0 ? blocked : undefined });
  }

  #set(changes: Partial<SignInState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

const blocks: Readonly<Record<string, SignInState['blocked']>> = {
  LOCKED: 'locked',
  RATE_LIMITED: 'limited',
  UNAVAILABLE: 'unavailable',
};

import { setTimeout as pause } from 'node:timers/promises';
import { type Diagnosis, diagnose, diagnosisOf } from '../errors/outage-diagnosis.ts';
import type { Endpoint } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import { shareRecent } from './recent.ts';

/** Milliseconds after which a part that has not answered is away. */
const PATIENCE = 1000;
/** Milliseconds between two looks of who watches. */
const INTERVAL = 1000;

/** State of a part of the service, as `/readyz` shows it. */
export interface PartState {
  readonly status: 'ok' | 'unavailable';
  /** Since when it is unavailable, ISO 8601. */
  readonly since?: string;
  /** Why, where that is known; the log also names host and setting. */
  readonly reason?: string;
}

/** Whether a part of the service answers; the log is told once when it goes, and when it is back. */
export class Availability {
  /** Undefined while it answers. */
  awaySince: Date | undefined;
  /** Why it is unavailable, if known. */
  diagnosis: Diagnosis | undefined;
  readonly #part: Endpoint | string;
  readonly #log: Log;
  readonly #ask: () => Promise<unknown>;
  readonly #patience: number;
  /** Asks the part, unless it is being asked or was a moment ago. Never rejects. */
  readonly check = shareRecent(() => this.#check());

  /**
   * @param part the endpoint, or a name that log messages start with
   * @param ask rejects if the part does not answer
   * @param patience milliseconds after which an unanswered check counts as a failure
   */
  constructor(
    part: Endpoint | string,
    log: Log,
    ask: () => Promise<unknown> = async () => undefined,
    patience = PATIENCE,
  ) {
    this.#part = part;
    this.#log = log;
    this.#ask = ask;
    this.#patience = patience;
  }

  get state(): PartState {
    if (!this.awaySince) return { status: 'ok' };
    const reason = this.diagnosis && { reason: this.diagnosis.reason };
    return { status: 'unavailable', since: this.awaySince.toISOString(), ...reason };
  }

  /** Asks the part once a second. @returns a function that ends it */
  watch(): () => void {
    const watching = setInterval(() => void this.check(), INTERVAL);
    return () => clearInterval(watching);
  }

  /** Marks the part as unavailable. Logs again if the new cause needs an operator. */
  markDown(error: unknown): void {
    const before = this.diagnosis;
    const isNew = this.awaySince === undefined;
    this.awaySince ??= new Date();
    if (typeof this.#part === 'string') {
      if (isNew) this.#log.warn({ code: codeOf(error) }, `${this.#part} is unavailable`);
      return;
    }
    const now = diagnosisOf(error) ?? diagnose(error, this.#part);
    // A refused connection is closed afterwards. The refusal stays the reason.
    this.diagnosis = before?.isMisconfigured && !now.isMisconfigured ? before : now;
    const { line, isMisconfigured } = this.diagnosis;
    if (isNew || (isMisconfigured && line !== before?.line)) {
      this.#log.warn({ code: codeOf(error) }, line);
    }
  }

  /** It answers, again or still. */
  markUp(): void {
    if (!this.awaySince) return;
    const seconds = Math.round((Date.now() - this.awaySince.getTime()) / 1000);
    this.awaySince = undefined;
    this.diagnosis = undefined;
    const part = this.#part;
    const says =
      typeof part === 'string'
        ? `${part} is available again`
        : `${part.setting}: ${part.address} works again`;
    this.#log.info({ seconds }, says);
  }

  async #check(): Promise<void> {
    const late = pause(this.#patience, undefined, { ref: false }).then(() => {
      throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
    });
    try {
      await Promise.race([this.#ask(), late]);
      this.markUp();
    } catch (error) {
      this.markDown(error);
    }
  }
}

/** Redis puts its code first in the message: `WRONGPASS invalid username-password pair`. */
function codeOf(error: unknown): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{2,}/.exec(message)?.[0] ?? name;
}

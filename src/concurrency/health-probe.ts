import { setTimeout as pause } from 'node:timers/promises';
import { type Diagnosis, diagnose, diagnosisOf } from '../errors/outage-diagnosis.ts';
import type { Endpoint } from '../errors/store-endpoint.ts';
import type { Log } from '../ports/logger.ts';
import { repeat, shareRecent } from './recent.ts';

/** State of a part of the service, as `/readyz` shows it. */
export interface PartState {
  readonly status: 'ok' | 'unavailable';
  /** Start of the outage, ISO 8601. */
  readonly since?: string;
  readonly reason?: string;
}

interface ProbeOptions {
  /** The endpoint, or a name that log messages start with. */
  readonly part: Endpoint | string;
  readonly log: Log;
  /** Rejects if the part does not respond. */
  readonly ask?: () => Promise<unknown>;
  /** Milliseconds after which an unanswered check counts as a failure. */
  readonly timeout?: number;
}

/** Tracks whether a part of the service responds. Logs the start and the end of each outage. */
export class HealthProbe {
  /** Undefined while the part is available. */
  downSince: Date | undefined;
  diagnosis: Diagnosis | undefined;
  readonly #options: ProbeOptions;
  /** Asks the part, at most a few times a second. Never rejects. */
  readonly check = shareRecent(() => this.#check());

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  get state(): PartState {
    if (!this.downSince) return { status: 'ok' };
    const reason = this.diagnosis && { reason: this.diagnosis.reason };
    return { status: 'unavailable', since: this.downSince.toISOString(), ...reason };
  }

  /** Checks the part once a second. @returns a function that stops it */
  watch(): () => void {
    return repeat(1000, this.check);
  }

  /** Marks the part as unavailable. Logs again if the new cause needs an operator. */
  markDown(error: unknown): void {
    const { part, log } = this.#options;
    const before = this.diagnosis;
    const isNew = this.downSince === undefined;
    this.downSince ??= new Date();
    if (typeof part === 'string') {
      if (isNew) log.warn({ code: codeOf(error) }, `${part} is unavailable`);
      return;
    }
    const now = diagnosisOf(error) ?? diagnose(error, part);
    // A rejected connection is closed afterwards. The rejection stays the reason.
    this.diagnosis = before?.isMisconfigured && !now.isMisconfigured ? before : now;
    const { line, isMisconfigured } = this.diagnosis;
    if (isNew || (isMisconfigured && line !== before?.line)) {
      log.warn({ code: codeOf(error) }, line);
    }
  }

  /** Marks the part as available. */
  markUp(): void {
    if (!this.downSince) return;
    const { part, log } = this.#options;
    const seconds = Math.round((Date.now() - this.downSince.getTime()) / 1000);
    this.downSince = undefined;
    this.diagnosis = undefined;
    const name = typeof part === 'string' ? part : `${part.setting}: ${part.address}`;
    log.info({ seconds }, `${name} is available again`);
  }

  async #check(): Promise<void> {
    const { ask, timeout = 1000 } = this.#options;
    const late = pause(timeout, undefined, { ref: false }).then(() => {
      throw Object.assign(new Error('no response'), { code: 'ETIMEDOUT' });
    });
    try {
      await Promise.race([ask?.(), late]);
      this.markUp();
    } catch (error) {
      this.markDown(error);
    }
  }
}

/** Returns the code of an error. Redis puts it first in the message: `WRONGPASS invalid …`. */
function codeOf(error: unknown): string {
  const { code, message, name } = error as NodeJS.ErrnoException;
  return code ?? /^[A-Z]{2,}/.exec(message)?.[0] ?? name;
}

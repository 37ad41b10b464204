/** A result of a check. The message of a problem or a warning ends with its fix. */
export interface Finding {
  readonly part: string;
  readonly status: 'ok' | 'warning' | 'problem';
  readonly message: string;
}

/** Reports findings of one part. */
export class Findings {
  readonly all: Finding[] = [];
  readonly #part: string;

  constructor(part: string) {
    this.#part = part;
  }

  ok = (message: string): void => this.#add('ok', message);
  warning = (message: string): void => this.#add('warning', message);
  problem = (message: string): void => this.#add('problem', message);

  #add(status: Finding['status'], message: string): void {
    this.all.push({ part: this.#part, status, message });
  }
}

/** Seconds by which two clocks may differ. */
const TOLERANCE = 2;

/** Describes a clock that differs from that of this machine. @param now Unix milliseconds */
export function clockProblem(now: number): string | undefined {
  const seconds = Math.round((now - Date.now()) / 1000);
  if (Math.abs(seconds) <= TOLERANCE) return undefined;
  const ahead = seconds > 0 ? 'ahead of' : 'behind';
  return `Its clock is ${Math.abs(seconds)} s ${ahead} this machine. Synchronize both by NTP: codes and sessions expire at wrong times.`;
}

import type { ErrorCode } from '#src/errors/auth-error.ts';
import type { ActionName } from './actions.ts';
import type { Answer } from './ask.ts';
import type { SimulatedUser } from './simulated-user.ts';

/** One request and what came of it. */
export interface Entry {
  readonly action: ActionName;
  readonly email: string;
  /** Which server was asked. */
  readonly server: string;
  /** When it was sent, epoch in ms, and for how long it took. */
  readonly at: number;
  readonly took: number;
  readonly outcome: Answer['outcome'];
  readonly code?: string;
  readonly status?: number;
  /** Metadata that distinguishes its audit rows, as far as the client knows it. */
  readonly challenge?: string;
  readonly sessionIds?: readonly string[];
  /** The proof of a factor that it presents. */
  readonly proof?: string;
  /** When that which it uses (a code, a token) came into being. */
  readonly since?: number;
  /** Its effect is that of a later entry: the same token was presented until an answer came. */
  absorbed?: boolean;
  /** Result of an unknown outcome, once it is known. */
  effect?: 'done' | 'failed';
  /** Effects at other addresses. */
  readonly also?: readonly { readonly action: ActionName; readonly email: string }[];
  /** It got a further child rather than the same one again. */
  further?: boolean;
}

/** Something that no fault explains. */
interface Surprise {
  readonly at: number;
  readonly email: string;
  readonly what: string;
}

/** The end of a session whose device was listening. */
interface SeenEnd {
  readonly email: string;
  /** When it was acknowledged, epoch in ms, and for how long the device listened then. */
  readonly at: number;
  readonly took: number;
  /** Number of streams until it was told; undefined if it was not. */
  readonly streams: number | undefined;
}

/** Everything that clients did and were told. */
export class Ledger {
  readonly entries: Entry[] = [];
  readonly users: SimulatedUser[] = [];
  readonly surprises: Surprise[] = [];
  readonly ends: SeenEnd[] = [];

  surprise(email: string, what: string): void {
    this.surprises.push({ at: Date.now(), email, what });
  }
}

/** A value that was acknowledged, and those of which nobody knows whether they were set. */
export class Known<T> {
  value: T;
  readonly doubted: T[] = [];

  constructor(value: T) {
    this.value = value;
  }

  get isSure(): boolean {
    return this.doubted.length === 0;
  }
}

/** Returns the answer as the table of actions names it, or undefined without an answer. */
export function answerOf({ outcome, code }: Entry): 'done' | ErrorCode | undefined {
  if (outcome === 'acknowledged') return 'done';
  return outcome === 'refused' ? (code as ErrorCode) : undefined;
}

/** Returns the effect of a request as the table of actions names it, if it is known. */
export const effectOf = (entry: Entry): 'done' | ErrorCode | undefined =>
  entry.effect === 'done' ? 'done' : answerOf(entry);

/** Returns one entry for each address at which a request has an effect. */
export const effectsOf = (entry: Entry): readonly Entry[] => [
  entry,
  ...(entry.also ?? []).map((other) => ({ ...entry, ...other })),
];

/** When the answer came, or was given up. */
export const endOf = ({ at, took }: Entry): number => at + took;

/** One line for a report. */
export function describe(entry: Entry): string {
  const { action, email, server, at, took, outcome, code } = entry;
  const when = new Date(at).toISOString().slice(11, 23);
  return `${when} ${action} of ${email} at ${server}: ${outcome}${code ? ` ${code}` : ''}, ${took} ms`;
}

import type { ManagedProcess } from '#tests/support/managed-process.ts';
import type { Administrator } from './administrator.ts';
import type { MailSink } from './mail-sink.ts';
import type { Processes } from './processes.ts';
import type { Effect } from './timeline.ts';
import type { WebhookSink } from './webhook-sink.ts';

/** Targets of the faults. */
export interface FaultTargets {
  readonly servers: readonly ManagedProcess[];
  readonly workers: readonly ManagedProcess[];
  readonly processes: Processes;
  readonly administrator: Administrator;
  readonly mailSink: MailSink;
  readonly webhookSink: WebhookSink;
}

/** A fault, and how it is undone. */
export interface Fault {
  readonly name: string;
  readonly target: string;
  readonly effect: Effect;
  /** How long it lasts: at least and at most so many seconds. */
  readonly seconds: readonly [min: number, max: number];
  /** It stands in every first, second … round of all. */
  readonly rounds: number;
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Faults that happen one after the other. Those of different schedules happen at the same time. */
export interface FaultSchedule {
  /** Seconds between two of them, at least and at most. */
  readonly quiet: readonly [min: number, max: number];
  readonly faults: readonly Fault[];
}

import type { WebhookDeliveryFieldsFragment } from '../../client/generated/graphql.ts';
import type { Ledger } from './ledger.ts';
import type { MailSink } from './mail-sink.ts';
import type { RequestedExit, UnexpectedExit } from './processes.ts';
import type { State } from './state.ts';
import type { Timeline } from './timeline.ts';
import type { Webhook } from './webhook.ts';

/** A webhook and its deliveries. */
interface WebhookEvidence extends Webhook {
  readonly deliveries: readonly WebhookDeliveryFieldsFragment[];
  /** Ids of deliveries that had failed for good, and were sent again. */
  readonly deadLetters: readonly string[];
}

/** All that is known after a run. */
export interface Evidence {
  readonly ledger: Ledger;
  readonly timeline: Timeline;
  readonly mailSink: MailSink;
  /** Undefined if the former release runs, which has none. */
  readonly webhook: WebhookEvidence | undefined;
  /** After everything has settled. */
  readonly state: State;
  /** Lifetime of a code, in milliseconds. */
  readonly codeLifetime: number;
  /** Minutes of load. */
  readonly minutes: number;
  readonly unexpectedExits: readonly UnexpectedExit[];
  readonly requestedExits: readonly RequestedExit[];
  /** Milliseconds after the last fault until each server was ready. */
  readonly recoveries: readonly { readonly server: string; readonly took: number }[];
  /** Bytes that each process has written to its log in each minute, in the mean. */
  readonly logRates: readonly { readonly name: string; readonly rate: number }[];
}

/** Verdict on one rule. */
export interface Verdict {
  readonly rule: string;
  /** How many things it looked at. */
  readonly seen: number;
  /** One line for each breach. */
  readonly breaches: readonly string[];
  /** Allowed deviations, counted separately. */
  readonly apart?: string;
}

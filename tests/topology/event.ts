import type { Effect } from '#tests/faults/timeline.ts';

/** Something that is done to the topology, and undone when full service is back without it. */
export interface TopologyEvent {
  readonly name: string;
  /** Effects that explain responses: on the balancer, and on other targets. */
  readonly effects: readonly (readonly [target: string, effect: Effect])[];
  /** Seconds in which full service has to be back. */
  readonly within: number;
  /** Seconds that it lasts at least. Default: 8. */
  readonly lasts?: number;
  /** Whether Redis may lose its last writes, so that a limit may grant its attempts once more. */
  readonly losesCounters?: boolean;
  begin(): Promise<unknown>;
  /** Resolves when the topology is complete again. */
  end(): Promise<unknown>;
}

/** Seconds in which full service has to be back, unless an engine's own lease is longer. */
export const WITHIN = 15;

/** Responses that fail. */
export const onBalancer = ['balancer', 'down'] as const;

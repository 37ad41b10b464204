import type { Effect } from '#tests/faults/timeline.ts';

/** Something that is done to the topology, and undone when full service is back without it. */
export interface TopologyEvent {
  readonly name: string;
  /** Effects that explain responses: on the balancer, and on other targets. */
  readonly effects: readonly (readonly [target: string, effect: Effect])[];
  /** Seconds in which full service has to be back. */
  readonly within: number;
  /** Whether Redis may lose its last writes, so that a limit may grant its attempts once more. */
  readonly losesCounters?: boolean;
  begin(): Promise<unknown>;
  /** Resolves when the topology is complete again. */
  end(): Promise<unknown>;
}

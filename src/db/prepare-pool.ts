import { isOutage } from '../errors/outage.ts';
import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import type { Endpoint } from '../errors/store-endpoint.ts';
import type { Tracing } from '../ports/tracing.ts';
import { discardBroken } from './broken-connections.ts';
import type { Server } from './find-primary.ts';
import { followPrimary } from './follow-primary.ts';
import { type FailedQuery, interceptQueries, type Pool } from './pool.ts';
import { adaptToPooler, detectPooler } from './pooler.ts';
import { traceStatements } from './trace-statements.ts';

interface PoolOptions {
  readonly endpoint: Endpoint;
  /** Servers, one of which is the primary. Empty if the pool has a fixed server. */
  readonly servers: readonly Server[];
  /** Milliseconds that a caller waits for the search for the primary. */
  readonly patience: number;
  readonly tracing: Tracing | undefined;
}

/** Adds support for failovers, poolers, broken connections, diagnoses and spans to a new pool. */
export function preparePool(pool: Pool, options: PoolOptions): void {
  const { endpoint, servers, patience, tracing } = options;
  const send = traceStatements(adaptToPooler(pool), tracing);
  detectPooler(pool);
  const { onFailure, discardAll } = discardBroken(pool);
  const diagnose = ({ error }: FailedQuery) => {
    if (isOutage(error)) attachDiagnosis(error, endpoint);
  };
  const hooks = [onFailure, diagnose];
  if (servers.length > 0)
    hooks.unshift(followPrimary(pool, servers, { patience, onChange: discardAll }));
  const connect = pool.connect.bind(pool);
  pool.connect = () =>
    connect().catch((error) => {
      attachDiagnosis(error, endpoint);
      throw error;
    });
  interceptQueries(pool, send, hooks);
}

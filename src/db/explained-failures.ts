import { attachDiagnosis } from '../errors/outage-diagnosis.ts';
import type { Endpoint } from '../errors/store-endpoint.ts';
import type { Pool } from './pool.ts';

/** SQLSTATEs that report a problem of the server rather than of the statement. */
const ABOUT_SERVER = /^(08...|25006|53...|57P0\d)$/;

/**
 * Attaches a diagnosis to connection failures, and to statements that fail because of the server.
 */
export function explainFailures(pool: Pool, endpoint: Endpoint): void {
  const connect = pool.connect.bind(pool);
  pool.connect = () =>
    connect().catch((error) => {
      attachDiagnosis(error, endpoint);
      throw error;
    });
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (...values) => {
      const answer = query(...values);
      if (!(answer instanceof Promise)) return answer;
      return answer.catch((error) => {
        if (ABOUT_SERVER.test(error.code)) attachDiagnosis(error, endpoint);
        throw error;
      });
    };
  });
}

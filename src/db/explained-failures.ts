import type { Endpoint } from '../endpoint.ts';
import { attachDiagnosis } from '../endpoint-failure.ts';
import type { Pool } from './pool.ts';

/** SQLSTATEs of statements that are about the server, not about the statement. */
const ABOUT_SERVER = /^(08...|25006|53...|57P0\d)$/;

/** Leaves a diagnosis on each failure to connect, and on failures of statements for want of a server. */
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

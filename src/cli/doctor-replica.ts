import type { Config } from '../config/load-config.ts';
import { openExportOrm, openOrm } from '../db/orm.ts';
import { createSql } from '../db/prepared-sql.ts';
import { catchesUp } from '../db/replica-lag.ts';
import { diagnose, diagnosisOf } from '../errors/outage-diagnosis.ts';
import { endpointOf } from '../errors/store-endpoint.ts';
import { type Finding, Findings } from './finding.ts';

/** Checks that the replica is one, and that it gets what the primary writes. */
export async function checkReplica(config: Config): Promise<readonly Finding[]> {
  const { databaseUrl, databaseReadUrl: url, databaseReadMaxLag: maxLag, databaseCa: ca } = config;
  if (!url) return [];
  const findings = new Findings('Replica');
  const primary = await openOrm(databaseUrl, 'gatehouse-doctor', ca);
  const replica = openExportOrm(url, ca);
  try {
    if (await catchesUp(createSql(primary).sql, createSql(replica).sql, maxLag))
      findings.ok('has all that the primary has written');
    else
      findings.problem(
        `DATABASE_READ_URL: the server is not a replica, or it lags more than ${maxLag} s. Check the replication, or raise DATABASE_READ_MAX_LAG.`,
      );
  } catch (error) {
    // The check of PostgreSQL reports the primary.
    const { line } = diagnosisOf(error) ?? diagnose(error, endpointOf('DATABASE_READ', url));
    if (line.startsWith('DATABASE_READ_URL')) findings.problem(line);
  } finally {
    await Promise.all([primary.close(true), replica.close(true)]);
  }
  return findings.all;
}

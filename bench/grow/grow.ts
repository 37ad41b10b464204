import { drawProgress } from '#src/cli/progress-bar.ts';
import { countOperation } from '../counts/count-operations.ts';
import { startCountedServer } from '../counts/counted-server.ts';
import type { Statement } from '../counts/postgres-messages.ts';
import { operations } from '../operations/operations.ts';
import type { Row } from '../rows/row.ts';
import { type Lab, openLab } from '../setup/lab.ts';
import { auditRows } from './audit-rows.ts';
import { compareSizes } from './compare-sizes.ts';
import { explain } from './explain.ts';
import { fill, type Sizes } from './fill.ts';
import { userRows } from './user-rows.ts';

/** Rows of the installation that the large one is compared with. */
const SMALL: Sizes = { accounts: 1000, sessions: 1000, audit: 10_000 };

export interface GrowResult {
  readonly rows: Row[];
  /** Statements that scan a large table sequentially. */
  readonly scans: string[];
}

/** Rows 8 and 9: every operation in a small and in a large installation. */
export async function grow(sizes: Sizes, say: (line: string) => void): Promise<GrowResult> {
  const large = await openLab();
  const small = await openLab(large.client);
  try {
    for (const [lab, size] of [
      [small, SMALL],
      [large, sizes],
    ] as const) {
      await lab.withClient((client) =>
        fill({
          sql: lab.sql,
          client,
          sizes: size,
          progress: (table, share) => drawProgress(process.stderr, table, share),
        }),
      );
    }
    const rows = [
      ...(await auditRows(large, small, say)),
      ...(await userRows(large, say)),
      ...(await compareSizes(large, small, say)),
    ];
    return { rows, scans: await explainAll(large, say) };
  } finally {
    await small.close();
    await large.close();
  }
}

/** Explains every statement of every operation. Returns those that scan a large table. */
async function explainAll(lab: Lab, say: (line: string) => void): Promise<string[]> {
  const server = await startCountedServer(lab);
  const sent: Statement[] = [];
  for (const operation of operations(lab)) {
    sent.push(...(await countOperation(server, operation)).sent);
  }
  await server.close();
  const explained = await lab.withClient((client) => explain(client, lab.sql, sent));
  for (const { text, plan, scans } of explained) {
    say(
      `  ${scans.length > 0 ? 'SEQUENTIAL SCAN ' : ''}${text.replaceAll(/\s+/g, ' ').slice(0, 110)}`,
    );
    say(`    ${plan}`);
  }
  return explained.flatMap(({ text, scans }) => scans.map((table) => `${table}: ${text}`));
}

import { openMigrationOrm } from '#src/db/orm.ts';
import type { MailSink } from '#tests/faults/mail-sink.ts';
import { Processes } from '#tests/faults/processes.ts';
import { topologyEvents } from './events.ts';
import { judgeEvent, type Row } from './row.ts';
import { runEvent } from './run-event.ts';
import { describeRow } from './table.ts';
import type { Topology } from './topology.ts';

interface RunOptions {
  /** Events whose names match. */
  readonly only: RegExp;
  /** Simulated users at once. */
  readonly people: number;
  readonly say: (line: string) => void;
}

/** Runs events one after another. Returns a row for each. */
export async function runEvents(
  topology: Topology,
  mailSink: MailSink,
  { only, people, say }: RunOptions,
): Promise<Row[]> {
  const { servers, workers, variables, url } = topology;
  const processes = new Processes();
  for (const instance of [...servers, ...workers]) processes.watch(instance);
  const orm = await openMigrationOrm(variables.DATABASE_URL ?? '');
  const administrator = {
    sql: <R>(statement: string, values: unknown[] = []) =>
      orm.em.fork().execute<R[]>(statement, values),
  };
  const rows: Row[] = [];
  const events = topologyEvents(topology, processes).filter(({ name }) => only.test(name));
  for (const [index, event] of events.entries()) {
    const surroundings = { url, mailSink, administrator, processes, people, say };
    const row = await judgeEvent(await runEvent(event, index, surroundings));
    say(describeRow(row));
    rows.push(row);
  }
  processes.close();
  await orm.close(true);
  return rows;
}

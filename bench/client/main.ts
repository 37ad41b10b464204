import type { Job, JobResult } from './job.ts';
import { runJob } from './run-job.ts';
import { SmtpSink } from './smtp-sink.ts';

/** A request of the parent process. */
export type Command =
  | { readonly id: number; readonly job: Job }
  | { readonly id: number; readonly codesOf: readonly string[] };

export type Reply =
  | { readonly id: number; readonly result: JobResult | readonly (string | undefined)[] }
  | { readonly id: number; readonly error: string };

const sink = new SmtpSink();
const send = (message: Reply | { port: number }) => void process.send?.(message);

const answer = async (command: Command) => {
  const { id } = command;
  try {
    const result =
      'job' in command
        ? await runJob(command.job)
        : await Promise.all(command.codesOf.map(async (to) => (await sink.mailTo(to)).code));
    send({ id, result });
  } catch (error) {
    send({ id, error: (error as Error).message });
  }
};

process.on('disconnect', () => process.exit());
process.on('message', (command: Command) => void answer(command));
send({ port: await sink.open() });

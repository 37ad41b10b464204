import type { Job, JobResult } from './job.ts';
import { runJob } from './run-job.ts';
import { runSignIns, type SignInFlow, type SignInResult } from './sign-in-flow.ts';
import { type ReceivedMail, SmtpSink } from './smtp-sink.ts';

/** A request of the parent process. */
export type Command =
  | { readonly id: number; readonly job: Job }
  | { readonly id: number; readonly flow: SignInFlow }
  | { readonly id: number; readonly mailsTo: readonly string[] }
  | { readonly id: number; readonly codesOf: readonly string[] };

type Result = JobResult | SignInResult | readonly (string | undefined)[];

export type Reply =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: string };

const sink = new SmtpSink();
const send = (message: Reply | { port: number }) => void process.send?.(message);

const codeFor = (take: (to: string) => Promise<ReceivedMail>) => async (to: string) =>
  (await take(to)).code;

function run(command: Command): Promise<Result> {
  if ('job' in command) return runJob(command.job);
  if ('flow' in command) return runSignIns(command.flow, sink);
  if ('mailsTo' in command)
    return Promise.all(command.mailsTo.map(codeFor((to) => sink.mailTo(to))));
  return Promise.all(command.codesOf.map(codeFor((to) => sink.takeMailTo(to))));
}

const answer = async (command: Command) => {
  const { id } = command;
  try {
    send({ id, result: await run(command) });
  } catch (error) {
    send({ id, error: (error as Error).message });
  }
};

process.on('disconnect', () => process.exit());
process.on('message', (command: Command) => void answer(command));
send({ port: await sink.open() });

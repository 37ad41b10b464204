import { join } from 'node:path';
import type { Job, JobResult } from '../client/job.ts';
import type { Command, Reply } from '../client/main.ts';
import type { SignInFlow, SignInResult } from '../client/sign-in-flow.ts';
import { otherCores } from '../machine/cores.ts';
import { type Child, startChild } from './child.ts';
import type { Place } from './place.ts';

type Question = Command extends infer One ? (One extends unknown ? Omit<One, 'id'> : never) : never;

/** The process that sends requests, and receives the mails. */
export class LoadClient {
  readonly smtpPort: number;
  readonly #child: Child;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  private constructor(child: Child) {
    this.#child = child;
    this.smtpPort = (child.greeting as { port: number }).port;
    child.process.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('error' in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.result);
    });
  }

  static async start({ directory, variables }: Place): Promise<LoadClient> {
    const script = join(import.meta.dirname, '../client/main.ts');
    const command = [process.execPath, script];
    return new LoadClient(
      await startChild({ name: 'client', command, cores: otherCores, directory, variables }),
    );
  }

  run(job: Job): Promise<JobResult> {
    return this.#ask({ job }) as Promise<JobResult>;
  }

  signIns(flow: SignInFlow): Promise<SignInResult> {
    return this.#ask({ flow }) as Promise<SignInResult>;
  }

  /** Waits for a mail to each address. */
  async mailsTo(mailsTo: readonly string[]): Promise<void> {
    await this.#ask({ mailsTo });
  }

  /** Waits for a mail to each address, and takes their codes. */
  async codes(codesOf: readonly string[]): Promise<string[]> {
    const codes = (await this.#ask({ codesOf })) as (string | undefined)[];
    return codes.map((code, index) => {
      if (code) return code;
      throw new Error(`the mail to ${codesOf[index]} has no code`);
    });
  }

  #ask(question: Question): Promise<unknown> {
    const id = ++this.#asked;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#child.process.send({ ...question, id } as Command);
    return waiting.promise;
  }
}

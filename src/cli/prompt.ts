import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { ConfigError } from '../config/load-config.ts';
import type { Terminal } from './command-line.ts';

/** Asks a question at the terminal. A hidden answer is not shown while it is typed. */
export async function ask(
  { stdin: input, stdout }: Terminal,
  question: string,
  answer: 'shown' | 'hidden',
): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = answer === 'shown' ? stdout : silent;
  const lines = createInterface({ input, output, terminal: true });
  try {
    // Printed after the interface exists, because until then the terminal echoes what is typed.
    if (answer === 'hidden') stdout.write(question);
    return await lines.question(answer === 'shown' ? question : '');
  } catch (cause) {
    // Ctrl-C or Ctrl-D.
    throw new ConfigError('\nCancelled. Nothing was changed.', { cause });
  } finally {
    lines.close();
    if (answer === 'hidden') stdout.write('\n');
  }
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { address as addressShape } from '../accounts/email-address.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import { ConfigError } from '../config/load-config.ts';
import { createContexts } from '../context.ts';
import { createSuperuser } from '../passwords/create-superuser.ts';
import { openRuntime } from '../services.ts';
import { readCommandConfig, withOrm } from './command-config.ts';
import { type Define, type Output, printing, type Terminal, UsageError } from './command-line.ts';

/** The client in the audit log. */
const client = {
  ip: '127.0.0.1',
  prefix: '127.0.0.1/32',
  networks: [],
  userAgent: 'createsuperuser',
};

export const define: Define = (command, terminal) => {
  command.option('--email <address>', 'the e-mail address of the account');
  printing(command, terminal, async (options: { readonly email?: string }): Promise<Output> => {
    const config = await readCommandConfig(terminal, undefined, { LOG_LEVEL: 'warn' });
    // Fails before the first question. The runtime would wait for an unavailable database.
    await withOrm(terminal, 'gatehouse-createsuperuser', (orm) =>
      orm.em.fork().execute('select from accounts limit 1'),
    );
    const email = await readAddress(terminal, options.email);
    const password = (await readPassword(terminal)) || undefined;
    const problem = password && passwordProblem(password, email);
    if (problem) throw new ConfigError(problem);

    const runtime = await openRuntime(config);
    try {
      const ctx = createContexts(runtime)({ client });
      const outcome = await createSuperuser(ctx, { email, password });
      const line = outcome === 'created' ? `Created ADMIN ${email}` : `Promoted ${email} to ADMIN`;
      return { data: { email, outcome }, lines: [line] };
    } finally {
      await runtime.close();
    }
  });
};

async function readAddress(terminal: Terminal, given: string | undefined): Promise<string> {
  if (given === undefined && !terminal.stdin.isTTY) {
    throw new UsageError('Missing option: --email ADDRESS');
  }
  const address = addressShape.safeParse(
    given ?? (await ask(terminal, 'E-mail address: ', 'shown')),
  );
  if (!address.success) throw new UsageError('Enter a valid email address.');
  return address.data;
}

async function readPassword(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) return (await text(terminal.stdin)).replace(/\r?\n$/, '');
  const password = await ask(
    terminal,
    'Password (leave empty to keep the current one): ',
    'hidden',
  );
  if (password && password !== (await ask(terminal, 'Password again: ', 'hidden'))) {
    throw new ConfigError('The passwords do not match. Run the command again.');
  }
  return password;
}

/** Asks a question at the terminal. A hidden answer is not shown while it is typed. */
async function ask(
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

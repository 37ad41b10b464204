import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { address as addressShape } from '../accounts/email-address.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import { type Config, ConfigError } from '../config/load-config.ts';
import { openMigrationOrm } from '../db/orm.ts';
import { createSuperuser } from '../passwords/create-superuser.ts';
import { openRuntime } from '../services.ts';
import { readCommandConfig } from './command-config.ts';
import { commandLine, run, UsageError } from './command-line.ts';

const program = commandLine(
  'npm run createsuperuser --',
  'Creates an ADMIN with a verified address, or promotes an account. Asks for missing values. ' +
    'Without a terminal, reads the password from standard input; an empty password changes nothing.',
).option('--email <address>', 'the e-mail address of the account');

await run(
  program.action(async (options: { readonly email?: string }) => {
    const config = await readCommandConfig(undefined, { LOG_LEVEL: 'warn' });
    await checkDatabase(config);
    const address = addressShape.safeParse(
      options.email ?? (await ask('E-mail address: ', 'shown')),
    );
    if (!address.success) throw new UsageError('Enter a valid email address.');
    const email = address.data;
    const password = (await readPassword()) || undefined;
    const problem = password && passwordProblem(password, email);
    if (problem) throw new ConfigError(problem);

    const runtime = await openRuntime(config);
    const client = {
      ip: '127.0.0.1',
      prefix: '127.0.0.1/32',
      networks: [],
      userAgent: 'createsuperuser',
    };
    try {
      const ctx = { ...runtime, em: runtime.orm.em.fork(), client };
      const outcome = await createSuperuser(ctx, { email, password });
      console.log(`${email} is ${outcome === 'created' ? 'a new' : 'now an'} ADMIN`);
    } finally {
      await runtime.close();
    }
  }),
);

/** Fails before the first question. The runtime itself would wait for an unavailable database. */
async function checkDatabase({ databaseUrl, databaseCa }: Config): Promise<void> {
  const orm = await openMigrationOrm(databaseUrl, 'gatehouse-createsuperuser', databaseCa);
  try {
    await orm.em.fork().execute('select from accounts limit 1');
  } finally {
    await orm.close(true);
  }
}

async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  const password = await ask('Password (empty: unchanged): ', 'hidden');
  if (password && password !== (await ask('Password again: ', 'hidden'))) {
    throw new ConfigError('The two passwords differ.');
  }
  return password;
}

/** Asks at the terminal. A hidden answer is not shown while it is typed. */
async function ask(question: string, answer: 'shown' | 'hidden'): Promise<string> {
  const { stdin: input, stdout } = process;
  if (!input.isTTY) throw new UsageError('Give the address: --email ADDRESS');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const output = answer === 'shown' ? stdout : silent;
  const lines = createInterface({ input, output, terminal: true });
  try {
    // Only now: once the interface exists, the terminal no longer echoes.
    if (answer === 'hidden') stdout.write(question);
    return await lines.question(answer === 'shown' ? question : '');
  } catch (cause) {
    // Ctrl-C or Ctrl-D.
    throw new ConfigError('\nStopped. Nothing was changed.', { cause });
  } finally {
    lines.close();
    if (answer === 'hidden') stdout.write('\n');
  }
}

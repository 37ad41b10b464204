import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { address as addressShape } from '../accounts/address.ts';
import { passwordProblem } from '../accounts/password-policy.ts';
import { ConfigError, environmentVariables, readConfig } from '../config.ts';
import { runningVariables } from '../embedded/running-variables.ts';
import { createSuperuser } from '../passwords/create-superuser.ts';
import { run } from '../process.ts';
import { openRuntime } from '../runtime.ts';

/**
 * `npm run createsuperuser [-- --email ADDRESS]`: makes a proven ADMIN, or promotes an account. Asks
 * for what is missing; where nobody can be asked, the password is read from standard input, and an
 * empty one leaves an account's password as it is.
 */
await run(async () => {
  const { values } = readArguments();
  // On a machine of development: the stores of the `npm start` that runs beside this.
  const running = runningVariables('.data');
  const usual = running ? 'development' : 'production';
  const variables = { LOG_LEVEL: 'warn', ...running, ...environmentVariables() };
  const config = readConfig(variables, usual);

  const given = values.email ?? (await ask('E-mail address: '));
  const address = addressShape.safeParse(given);
  if (!address.success) throw new ConfigError('Enter a valid email address.');
  const password = (await askPassword()) || undefined;
  const problem = password && passwordProblem(password, address.data);
  if (problem) throw new ConfigError(problem);

  const runtime = await openRuntime(config);
  const client = { ip: '127.0.0.1', prefix: '127.0.0.1/32', userAgent: 'createsuperuser' };
  try {
    const ctx = { ...runtime, em: runtime.orm.em.fork(), client };
    const outcome = await createSuperuser(ctx, { email: address.data, password });
    console.log(`${address.data} is ${outcome === 'created' ? 'a new' : 'now an'} ADMIN`);
  } finally {
    await runtime.close();
  }
});

function readArguments() {
  try {
    return parseArgs({ options: { email: { type: 'string' } } });
  } catch (cause) {
    throw new ConfigError('Usage: npm run createsuperuser [-- --email ADDRESS]', { cause });
  }
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new ConfigError('Say who: --email ADDRESS');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).replace(/\r?\n$/, '');
  process.stdout.write('Password (empty: as it is): ');
  // The terminal would show what is typed.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stdout.write('\n');
  }
}

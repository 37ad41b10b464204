import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { command, commandVariables } from './support/command.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { machineVariables } from './support/machine-variables.ts';
import { gatehouseScript } from './support/managed-process.ts';

const app = useApp();

/** The command as an operator runs it, with a password on standard input. */
const createSuperuser = (email: string | undefined, input: string) =>
  command(app, 'createsuperuser', email === undefined ? '' : `--email ${email}`, { input });

/** Runs the command at a terminal, and types each text of `answers` after its question. */
async function askSuperuser(answers: Readonly<Record<string, string>>) {
  const line = `'${process.execPath}' '${gatehouseScript}' createsuperuser`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    env: { ...machineVariables(), ...commandVariables(app) },
  });
  let output = '';
  const left = Object.entries(answers);
  child.stdout.on('data', (chunk: Buffer) => {
    output += stripVTControlCharacters(chunk.toString());
    const [question = '', answer = ''] = left[0] ?? [];
    if (left.length === 0 || !output.endsWith(question)) return;
    left.shift();
    child.stdin.write(answer);
  });
  const [code] = await once(child, 'close');
  return { code, output: output.replaceAll('\r', '') };
}

it('creates a verified ADMIN that can sign in with the password', async () => {
  const root = new Person(app);
  const { code, output } = await createSuperuser(root.email, 'marble-lighthouse-12\n');
  expect([code, output]).toEqual([0, `Created ADMIN ${root.email}\n`]);

  const { challengeId } = (await root.login('marble-lighthouse-12')).data?.login ?? {};
  const signedIn = await root.verifyOtp(await root.code(), challengeId);
  expect(signedIn.data?.verifyOtp.user).toMatchObject({
    role: 'ADMIN',
    emailVerified: true,
    hasPassword: true,
  });
});

it('promotes an existing account, and keeps its password if none is given', async () => {
  const ada = new Person(app);
  const { accessToken: token } = await ada.signUp();
  const { output } = await createSuperuser(ada.email, '');

  expect(output).toBe(`Promoted ${ada.email} to ADMIN\n`);
  expect((await ada.me(token)).data?.me.role).toBe('ADMIN');
  expect((await ada.login()).code).toBeUndefined();
});

it('drops password, names and codes of an account whose address was not verified', async () => {
  const ada = new Person(app);
  const { data } = await ada.register(PASSWORD, { firstName: 'Eve' });
  await createSuperuser(ada.email, '');

  expect((await ada.login()).code).toBe('INVALID_CREDENTIALS');
  const { challengeId } = data?.register ?? {};
  expect((await ada.verifyOtp(await ada.code(), challengeId)).code).toBe('INVALID_OTP');
  const { user } = await ada.signIn();
  expect(user).toMatchObject({ role: 'ADMIN', hasPassword: false, firstName: null });
});

it('reports the error in one line, and creates nothing', async () => {
  const weak = await createSuperuser('weak@example.com', 'password1');
  expect(weak).toEqual({ code: 1, output: 'This password is too common.\n' });
  expect(await app.sql("select 1 from accounts where email = 'weak@example.com'")).toEqual([]);
});

it('exits with 2 if the address is missing or invalid', async () => {
  expect(await createSuperuser('ada', '')).toEqual({
    code: 2,
    output: 'Enter a valid email address.\n',
  });
  expect(await createSuperuser(undefined, '')).toEqual({
    code: 2,
    output: 'Missing option: --email ADDRESS\n',
  });
});

it('asks for the password twice, shows neither, and creates nothing when they differ', async () => {
  const root = new Person(app);
  const differing = await askSuperuser({
    'E-mail address: ': `${root.email}\n`,
    'Password (leave empty to keep the current one): ': 'marble-lighthouse-12\n',
    'Password again: ': 'marble-lighthouse-13\n',
  });
  expect(differing.code).toBe(1);
  expect(differing.output).toMatch(/\nThe passwords do not match\. Run the command again\.\n$/);
  expect(await app.sql('select 1 from accounts where email = ?', [root.email])).toEqual([]);

  const same = await askSuperuser({
    'E-mail address: ': `${root.email}\n`,
    'Password (leave empty to keep the current one): ': 'marble-lighthouse-12\n',
    'Password again: ': 'marble-lighthouse-12\n',
  });
  expect([same.code, same.output]).toEqual([0, expect.not.stringContaining('marble')]);
  expect((await root.login('marble-lighthouse-12')).code).toBeUndefined();
});

it.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('ends with code 1 and changes nothing on %s', async (_key, pressed) => {
  const { email } = new Person(app);
  for (const question of ['E-mail address: ', 'Password (leave empty to keep the current one): ']) {
    const { code, output } = await askSuperuser({
      'E-mail address: ': `${email}\n`,
      [question]: pressed,
    });
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/: \n+Cancelled\. Nothing was changed\.\n$/),
    ]);
  }
  expect(await app.sql('select 1 from accounts where email = ?', [email])).toEqual([]);
});

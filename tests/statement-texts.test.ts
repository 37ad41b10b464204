import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { useApp } from './support/app.ts';
import { PASSWORD, Person } from './support/flow.ts';
import { recordStatements } from './support/statements.ts';

const app = useApp();

const NEW = 'amber-compass-91';

/** Runs every mutation that ends, changes or verifies something, with success. */
async function runMutations(person: Person): Promise<unknown[]> {
  await person.signUp();
  await person.login();
  const [first, second] = [await person.signIn(), await person.signIn()];
  const { accessToken: token, refreshToken } = await person.signIn();
  const ownId = (await person.sessions(first.accessToken)).data?.sessions.find((s) => s.current);
  const codes = person.codes().length;
  return [
    await person.updateProfile(token, { firstName: 'Ada' }),
    await person.revokeSession(token, ownId?.id ?? ''),
    await person.logout({ refreshToken: second.refreshToken }),
    await person.changePassword(token, { currentPassword: PASSWORD, newPassword: NEW }),
    await person.revokeOtherSessions(token),
    await person.refresh(refreshToken),
    await person.forgotPassword().then(async ({ data }) => {
      const { challengeId } = data?.forgotPassword ?? {};
      return person.resetPassword(await person.code(codes + 1), PASSWORD, challengeId);
    }),
  ];
}

it('sends values of mutations apart from the text of statements, so that no log shows them', async () => {
  const person = new Person(app);
  const { sent, stop } = await recordStatements(app.runtime);
  const answers = await runMutations(person);
  stop();
  expect(answers.flatMap((answer) => (answer as { errors: unknown[] }).errors)).toEqual([]);
  const changes = sent.filter(({ text }) => /\b(insert|update|delete)\b/.test(text));
  expect(changes.length).toBeGreaterThan(20);
  const literals = changes.flatMap(({ text }) => text.match(/'[^']*(\d{4}|@|\$)[^']*'/g) ?? []);
  expect(literals).toEqual([]);
});

it('orders the rows of every grouping, as PostgreSQL returns groups in any order', () => {
  const files = globSync('{src,worker}/**/*.ts');
  const texts = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/group by [^`]*`/g)].map(([text]) => ({ file, text })),
  );
  expect(texts.length).toBeGreaterThan(4);
  expect(texts.filter(({ text }) => !text.includes('order by'))).toEqual([]);
});

import { expect, it } from 'vitest';
import { useApp } from '../support/app.ts';
import { Person } from '../support/flow.ts';
import { whileAccountIsLocked } from '../support/locked-account.ts';

const app = useApp();
const UPDATES = 6;

it('acknowledges none of 6 profile updates that were running when their session ended', async () => {
  const owner = new Person(app);
  const { accessToken } = await owner.signIn();
  const answers = await whileAccountIsLocked(app, owner.email, {
    start: () =>
      Array.from({ length: UPDATES }, () => owner.updateProfile(accessToken, { firstName: 'Eve' })),
    statement: 'update sessions set ended_at = now() where account_id = $1',
  });

  expect(answers.map(({ code }) => code)).toEqual(Array(UPDATES).fill('UNAUTHENTICATED'));
  const [row] = await app.sql<{ first_name: string | null }>(
    'select first_name from accounts where email = ?',
    [owner.email],
  );
  expect(row?.first_name).toBeNull();
});

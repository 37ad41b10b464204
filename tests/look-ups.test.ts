import { beforeAll, expect, it } from 'vitest';
import { createLookUps } from '#src/db/look-ups.ts';
import type { Located, LookUp, LookUps } from '#src/ports/sql.ts';
import { useApp } from './support/app.ts';
import { Person } from './support/flow.ts';

const app = useApp();
const sent: (readonly unknown[])[] = [];
let lookUps: LookUps;
beforeAll(() => {
  const { sql } = app.runtime;
  lookUps = createLookUps({
    query(statement, values = []) {
      sent.push(values);
      return sql.query(statement, values);
    },
  });
});

const quotient = (name: string): LookUp<number, Located & { readonly value: number }> => ({
  name,
  text: `select position::int, 100 / divisor as value
    from unnest($1::int[]) with ordinality as asked(divisor, position) where divisor < 100
    order by position desc`,
  values: (divisors) => [divisors],
});
const one = quotient('quotient-one');
const other = quotient('quotient-other');

it('runs the look-ups of one turn as one statement, and gives each its own row', async () => {
  sent.length = 0;
  const found = await Promise.all([1, 7, 100, 7, 50].map((divisor) => lookUps.find(one, divisor)));
  expect(found.map((row) => row?.value)).toEqual([100, 14, undefined, 14, 2]);
  expect(sent).toEqual([[[1, 7, 100, 7, 50]]]);
  expect((await lookUps.find(one, 5))?.value).toBe(20);
  expect(sent).toHaveLength(2);
});

it('fails only the look-ups of the statement that fails', async () => {
  const [zero, beside, apart] = await Promise.allSettled([
    lookUps.find(one, 0),
    lookUps.find(one, 1),
    lookUps.find(other, 4),
  ]);
  expect([zero.status, beside.status]).toEqual(['rejected', 'rejected']);
  expect(apart).toMatchObject({ value: { value: 25 } });
  expect((await lookUps.find(one, 1))?.value).toBe(100);
});

it('splits the look-ups of a turn with very many', async () => {
  sent.length = 0;
  const found = await Promise.all(Array.from({ length: 80 }, () => lookUps.find(one, 2)));
  expect(new Set(found.map((row) => row?.value))).toEqual(new Set([50]));
  expect(sent.map(([items]) => (items as number[]).length)).toEqual([32, 32, 16]);
});

it('gives each of many simultaneous requests its own account, until its session ends', async () => {
  const [ada, bob] = [new Person(app), new Person(app)];
  const [{ accessToken }, bobs] = [await ada.signIn(), await bob.signIn()];
  const askAll = () =>
    Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        i % 2 === 0 ? ada.me(accessToken) : bob.me(bobs.accessToken),
      ),
    );
  const emails = (await askAll()).map(({ data }) => data?.me?.email);
  expect(emails).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 ? bob.email : ada.email)));

  await app.sql('update sessions set ended_at = now() where id = ?', [
    JSON.parse(Buffer.from(bobs.accessToken.split('.')[1] ?? '', 'base64url').toString()).sid,
  ]);
  const codes = (await askAll()).map(({ code }) => code);
  expect(new Set(codes.filter((_, i) => i % 2 === 0))).toEqual(new Set([undefined]));
  expect(new Set(codes.filter((_, i) => i % 2 === 1))).toEqual(new Set(['UNAUTHENTICATED']));
});

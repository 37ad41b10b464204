import { expect, inject, it, onTestFinished } from 'vitest';
import { openOrm } from '#src/db/orm.ts';

it('connects to PostgreSQL over TLS or not at all, where DATABASE_URL asks for TLS', async () => {
  const url = new URL(inject('postgresUrl'));
  expect(await answers(url)).toBe(true);
  for (const mode of ['require', 'verify-full', 'no-verify']) {
    url.searchParams.set('sslmode', mode);
    await expect(answers(url), mode).rejects.toThrow('The server does not support SSL');
  }
});

/** The PostgreSQL of the tests speaks no TLS. */
async function answers({ href }: URL): Promise<boolean> {
  const orm = await openOrm(href, 'tls');
  onTestFinished(() => orm.close(true));
  const rows = await orm.em.fork().execute<unknown[]>('select 1');
  return rows.length === 1;
}

import type { GraphqlAnswer, TestApp } from './app.ts';
import { LOCK_WAITS } from './lock-waits.ts';

interface Race {
  /** Starts requests that have to wait for the account. */
  start(): readonly Promise<GraphqlAnswer<unknown>>[];
  /** SQL to run once they wait, with the account's id as `$1`. */
  readonly statement: string;
}

/**
 * Holds the row lock of an account while requests start, waits until each waits for the lock, runs a
 * statement and lets them go on.
 *
 * @throws when one of them answers without having waited
 */
export async function whileAccountIsLocked(
  app: TestApp,
  email: string,
  { start, statement }: Race,
): Promise<GraphqlAnswer<unknown>[]> {
  const { orm } = app.runtime;
  let requests: readonly Promise<GraphqlAnswer<unknown>>[] = [];
  await orm.em.fork().transactional(async (em) => {
    const [account] = await em.execute<{ id: string }[]>(
      'select id from accounts where email = ? for update',
      [email],
    );
    if (!account) throw new Error('there is no such account');
    requests = start();
    let early: GraphqlAnswer<unknown> | undefined;
    for (const request of requests) {
      void request.then((answer) => {
        early ??= answer;
      });
    }
    await app.eventually(async () => {
      if (early) throw new Error(`answered without waiting for the account: ${early.text}`);
      const [row] = await app.sql<{ waiting: number }>(LOCK_WAITS);
      return row?.waiting === requests.length;
    });
    await em.execute(statement.replaceAll('$1', `'${account.id}'`));
  });
  return Promise.all(requests);
}

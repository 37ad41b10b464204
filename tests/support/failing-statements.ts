import { onTestFinished, vi } from 'vitest';
import type { TestApp } from './app.ts';

/** Fails every SQL statement of an app with this error until the test ends. */
export async function failEveryStatement(app: TestApp, error: Error): Promise<void> {
  const pool = await app.runtime.orm.em.getConnection().getNativeClient();
  const connect = vi.spyOn(pool as unknown as { connect(): Promise<never> }, 'connect');
  connect.mockRejectedValue(error);
  onTestFinished(() => connect.mockRestore());
}

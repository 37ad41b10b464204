import { createHook } from 'node:async_hooks';

/** Names of the asynchronous work of @node-rs/argon2, which has none, and of other hashes. */
const hashing = /^undefined$|^argon2|^bcrypt/;

/** Counts the password hashes that run from now on, decoys too, until it is disposed of. */
export function countHashes(): Disposable & { readonly count: number } {
  let count = 0;
  const init = (_id: number, type: string) => {
    if (hashing.test(type)) count += 1;
  };
  const hook = createHook({ init }).enable();
  return {
    get count() {
      return count;
    },
    [Symbol.dispose]: () => void hook.disable(),
  };
}

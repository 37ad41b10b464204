import { hash } from 'node:crypto';
import { converted, list } from './setting-shapes.ts';

/** A service that may introspect tokens. */
export interface IntrospectionClient {
  readonly id: string;
  /** SHA-256 of the secret, in lower-case hexadecimal. */
  readonly secretHash: string;
}

/** Returns the hash of a secret, as the setting contains it. */
export const secretHashOf = (secret: string): string => hash('sha256', secret, 'hex');

export const clientId = /^[\w.~-]{1,100}$/;

const entry = /^(?<id>[\w.~-]{1,100}):(?<secretHash>[\da-f]{64})$/i;

/** Secrets that are empty, as an unset variable is, or easy to guess. */
const trivial = (id: string): readonly string[] => [
  ...['', '\n', id, `${id}\n`],
  ...['secret', 'password', 'changeme', 'test'],
];

/** Reads an entry. Messages contain only its number, because the entry may contain a secret. */
const readClient = (text: string, number: number): IntrospectionClient => {
  const { id = '', secretHash = '' } = entry.exec(text)?.groups ?? {};
  if (!id) {
    throw new Error(
      `entry ${number} is not \`id:hash\` with 64 hexadecimal digits; make one with \`npx gatehouse introspection-clients new ID\``,
    );
  }
  if (trivial(id).some((secret) => secretHashOf(secret) === secretHash.toLowerCase())) {
    throw new Error(`the secret of entry ${number} is empty or easy to guess`);
  }
  return { id, secretHash: secretHash.toLowerCase() };
};

export const introspectionClients = converted((text) =>
  list.parse(text).map((entry, index) => readClient(entry, index + 1)),
).describe('`id:hash` of each client, separated by commas');

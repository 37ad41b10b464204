import type { Log } from '../ports/logger.ts';
import { type TokenAlgorithm, tokenAlgorithms } from '../ports/tokens.ts';
import { addKeyIf, type KeyServices, newestKeys } from './add-key.ts';
import { openPrivateKey } from './private-key.ts';

/**
 * Makes the first key if there is none, and checks that this process can sign. Returns the
 * algorithm of the newest key, which another process may have made.
 */
export async function ensureSigningKey(
  services: KeyServices,
  wanted: TokenAlgorithm = tokenAlgorithms[0],
): Promise<TokenAlgorithm> {
  const { key } = await addKeyIf(services, wanted, () => undefined);
  await checkSecret(services);
  return key.publicJwk.alg;
}

/** Ensures a signing key when a server starts. Warns if `TOKEN_ALG` names another algorithm. */
export async function prepareSigningKey(
  services: KeyServices,
  wanted: TokenAlgorithm | undefined,
  log: Log,
): Promise<void> {
  const found = await ensureSigningKey(services, wanted);
  if (!wanted || wanted === found) return;
  const cure = `To change the algorithm, run \`npx gatehouse keys rotate --alg ${wanted}\`.`;
  const message = `TOKEN_ALG: ${wanted} is ignored, because the signing key in the database uses ${found}.`;
  log.warn({ wanted, found }, `${message} ${cure}`);
}

/** @throws ConfigError if `SECRET_KEY` cannot decrypt the signing keys */
export async function checkSecret({ em, sealer }: Pick<KeyServices, 'em' | 'sealer'>) {
  for (const key of await newestKeys(em)) {
    if (key.sealedPrivateJwk) openPrivateKey(sealer, key);
  }
}

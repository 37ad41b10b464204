import type { Context } from '../context.ts';
import { badUserInput } from '../errors/auth-error.ts';

type Metadata = Readonly<Record<string, unknown>>;

/** Maximum bytes of the claim as JSON. With the address, added claims have less than 1 kB. */
const MAX_CLAIM = 700;

const PREFIX = 'metadata.';

/**
 * Selects the keys of a user's metadata that `TOKEN_CLAIMS` lists. They have one claim of their own,
 * so that no key can replace a claim that verifiers rely on. Undefined if the user has none of them.
 */
function selectKeys({ config }: Pick<Context, 'config'>, metadata: Metadata): Metadata | undefined {
  const keys = config.tokenClaims
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((key) => Object.hasOwn(metadata, key));
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key) => [key, metadata[key]]));
}

const isTooLong = (claim: Metadata | undefined) =>
  claim !== undefined && Buffer.byteLength(JSON.stringify(claim)) > MAX_CLAIM;

/** Rejects metadata that would not fit into an access token. @throws AuthError BAD_USER_INPUT */
export function checkMetadataClaim(ctx: Context, metadata: Metadata): void {
  if (!isTooLong(selectKeys(ctx, metadata))) return;
  const message = `The keys that TOKEN_CLAIMS adds to access tokens may have at most ${MAX_CLAIM} bytes of JSON together.`;
  throw badUserInput({ metadata: [message] });
}

/**
 * Returns the claim `metadata` of a user's access tokens. Omits all of it if it is too long: metadata
 * can be older than the setting, and a verifier must never see a part of it.
 */
export function metadataClaim(
  ctx: Context,
  accountId: string,
  metadata: Metadata,
): Metadata | undefined {
  const claim = selectKeys(ctx, metadata);
  if (!isTooLong(claim)) return claim;
  ctx.warnOnce(
    'metadata-claim-too-long',
    `TOKEN_CLAIMS: the listed metadata of an account has more than ${MAX_CLAIM} bytes, so its access tokens have no claim metadata. Shorten its values, or list fewer keys.`,
    { accountId },
  );
  return undefined;
}

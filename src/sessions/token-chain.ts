import type { Tokens } from '../ports/tokens.ts';
import type { TokenState } from './session-statements.ts';
import { idleExpiry, tokenHash } from './token-pair.ts';

/** Milliseconds during which a parent gets the same child again, for lost responses and two tabs. */
const GRACE = 10_000;
/** Maximum children of one parent. After that, the parent gets the last one again. */
const MAX_CHILDREN = 5;

/** The result of presenting a refresh token. */
type Step =
  /** A new child, set in the state. `number` counts its siblings. */
  | { readonly result: 'new'; readonly jti: string; readonly number: number }
  /** The newest child again. */
  | { readonly result: 'same'; readonly jti: string }
  /** The token is rejected without a reuse alarm. */
  | { readonly result: 'rejected' }
  /** The token was used before: someone else holds a token of this session. */
  | { readonly result: 'reused' };

type Chain = Pick<TokenState, 'liveTokenHash' | 'parentTokenHash' | 'olderSiblings'>;

/** The previous release rotates without clearing them: they count only under their own parent. */
const olderOf = ({ parentTokenHash, olderSiblings }: Chain): readonly string[] =>
  olderSiblings?.parent === parentTokenHash ? (olderSiblings?.hashes ?? []) : [];

/** Whether a genuine refresh token of an active session was never used, nor replaced. */
export const isUnused = (chain: Chain, jti: string): boolean =>
  [chain.liveTokenHash, ...olderOf(chain)].includes(tokenHash(jti));

/**
 * Advances the state of an active session by one step for a genuine refresh token (RFC 9700 §4.14.2). While no
 * child of a parent is used, the parent may be presented again, because its response may be lost. The
 * first child that is used invalidates its siblings.
 */
export function takeStep(session: TokenState, jti: string, tokens: Tokens, now: Date): Step {
  const presented = tokenHash(jti);
  const { liveTokenHash, parentTokenHash } = session;
  const older = olderOf(session);
  const newest = older.length + 1;

  const child = (number: number, hashes: readonly string[]): Step => {
    const [next] = tokens.childrenOf(jti, number);
    session.parentTokenHash = presented;
    session.liveTokenHash = tokenHash(next);
    session.olderSiblings = hashes.length > 0 ? { parent: presented, hashes } : null;
    session.generation += 1;
    session.lastUsedAt = now;
    session.idleExpiresAt = idleExpiry(now, session.expiresAt);
    return { result: 'new', jti: next, number };
  };

  if (presented === liveTokenHash || older.includes(presented)) return child(1, []);
  if (presented !== parentTokenHash) return { result: 'reused' };

  const age = Math.abs(now.getTime() - session.lastUsedAt.getTime());
  if (age <= GRACE || newest === MAX_CHILDREN) {
    // Undefined if the child was made under a secret that this process does not have.
    const again = tokens.childrenOf(jti, newest).find((each) => tokenHash(each) === liveTokenHash);
    if (again !== undefined) return { result: 'same', jti: again };
  }
  if (newest === MAX_CHILDREN) return { result: 'rejected' };
  return child(newest + 1, [...older, liveTokenHash]);
}

import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLField, GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { ClientLimit } from '../config/limits.ts';
import { isOutage } from '../errors/outage.ts';
import { NotStarted } from '../errors/overloaded.ts';
import type { RateLimitStatus } from '../ports/rate-limits.ts';
import { reject } from '../rate-limits/reject.ts';
import type { RequestContext } from './graphql-context.ts';

const PLUGIN = 'clientLimits';

interface LimitOptions {
  /** Rate limit per client; every alias counts. `none` needs a reason in a comment. */
  readonly limit: ClientLimit | 'none';
  /**
   * Set if the field compares a password or a mailed code, which can be guessed: an attempt then
   * stays counted in an outage. Other attempts are refunded.
   */
  readonly comparesSecret?: true;
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      [PLUGIN]: ClientLimitsPlugin<Types>;
    }
    // The type parameters must be those of the interface that this extends.
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > extends LimitOptions {}
  }
}

/** Returns the rate limit that a field declares. Only mutations declare one. */
export const rateLimitOf = (field: GraphQLField<unknown, unknown> | undefined) =>
  (field?.extensions.pothosOptions as Partial<LimitOptions> | undefined)?.limit;

/** Runs the limit that a field declares, after its scopes and the rules of its input. */
class ClientLimitsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { limit = 'none', comparesSecret } = pothosOptions as Partial<LimitOptions>;
    if (limit === 'none') return resolver;
    return async (parent, args, context, info) => {
      const ctx = context as unknown as RequestContext;
      const status = await consume(limit, args, ctx, info);
      try {
        return await resolver(parent, args, context, info);
      } catch (error) {
        const isUncounted = error instanceof NotStarted || (!comparesSecret && isOutage(error));
        if (isUncounted) await refund(limit, ctx, status);
        throw error;
      }
    };
  }
}

SchemaBuilder.registerPlugin(PLUGIN, ClientLimitsPlugin);

/** Loaded with the first mutation, which waits some 30 ms: it brings 80 modules. */
let library: Pick<typeof import('graphql-rate-limit'), 'getGraphQLRateLimiter'> | undefined;

/**
 * Counts an attempt atomically, and passes the result to graphql-rate-limit, which accepts or
 * rejects it.
 */
async function consume(
  limit: ClientLimit,
  args: { input?: { email?: string } },
  ctx: RequestContext,
  info: GraphQLResolveInfo,
): Promise<RateLimitStatus> {
  const rateLimit = ctx.clientRateLimits[limit];
  const { max, seconds } = rateLimit.limit;
  const status = await rateLimit.consume(ctx.client.prefix);
  // The library compares the number of time stamps with the limit.
  const stamps = status.exceeded ? Array<number>(max).fill(Date.now()) : [];
  const store = { getForIdentity: () => stamps, setForIdentity() {} };
  library ??= await import('graphql-rate-limit');
  const check = library.getGraphQLRateLimiter({ identifyContext: () => ctx.client.prefix, store });
  const rule = { max, window: `${seconds}s` };
  const message = await check({ parent: undefined, args, context: ctx, info }, rule);
  ctx.showRateLimit(status);
  // If the two disagree, the attempt is rejected.
  if (message === undefined && !status.exceeded) return status;
  const exceeded = status.exceeded ?? { name: limit, wait: seconds };
  return reject(ctx, 'RATE_LIMITED', args.input?.email, exceeded);
}

async function refund(limit: ClientLimit, ctx: RequestContext, status: RateLimitStatus) {
  await ctx.clientRateLimits[limit].refund(ctx.client.prefix);
  ctx.showRateLimit({ ...status, left: status.left + 1 });
}

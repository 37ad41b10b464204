import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import type { ClientLimit } from '../config/limits.ts';
import { isOutage } from '../errors/outage.ts';
import { NotStarted } from '../errors/overloaded.ts';
import type { ClientRateLimit, RateLimitStatus } from '../ports/rate-limits.ts';
import { refuse } from '../rate-limits/reject.ts';
import type { RequestContext } from './graphql-context.ts';

const PLUGIN = 'clientLimits';

/**
 * Limits of the operations that compare a password or a mailed code, which can be guessed: an
 * attempt that reached the comparison stays counted in an outage. All others are refunded then.
 */
const comparing: ReadonlySet<ClientLimit> = new Set([
  'logins',
  'verifications',
  'resets',
  'passwordChanges',
]);

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      [PLUGIN]: ClientLimitsPlugin<Types>;
    }
    // The parameters have to be those of the interface that this adds to.
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends import('@pothos/core').TypeParam<Types>,
      Nullable extends import('@pothos/core').FieldNullability<Type>,
      Args extends import('@pothos/core').InputFieldMap,
      ResolveReturnShape,
    > {
      /** How often one client may do this; every alias counts. */
      limit?: ClientLimit;
    }
  }
}

/** Runs the limit that a field declares, after its scopes and the rules of its input. */
class ClientLimitsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { pothosOptions }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { limit } = pothosOptions as { limit?: ClientLimit };
    if (!limit) return resolver;
    return async (parent, args, context, info) => {
      const ctx = context as unknown as RequestContext;
      const status = await takeOne(limit, args, ctx, info);
      try {
        return await resolver(parent, args, context, info);
      } catch (error) {
        const isUncounted =
          error instanceof NotStarted || (!comparing.has(limit) && isOutage(error));
        if (isUncounted) await refund(limit, ctx, status);
        throw error;
      }
    };
  }
}

SchemaBuilder.registerPlugin(PLUGIN, ClientLimitsPlugin);

async function takeOne(
  limit: ClientLimit,
  args: { input?: { email?: string } },
  ctx: RequestContext,
  info: GraphQLResolveInfo,
): Promise<RateLimitStatus | undefined> {
  const rateLimit = ctx.clientRateLimits[limit];
  const { max, seconds } = rateLimit.limit;
  const store = new RateLimitStore(rateLimit);
  const check = getGraphQLRateLimiter({ identifyContext: () => ctx.client.prefix, store });
  const rule = { max, window: `${seconds}s` };
  const refused = await check({ parent: undefined, args, context: ctx, info }, rule);
  if (store.status) ctx.showRateLimit(store.status);
  // Should the two ever disagree, whichever refuses is right.
  if (refused === undefined && !store.status?.refusal) return store.status;
  const refusal = store.status?.refusal ?? { name: limit, wait: seconds };
  return refuse(ctx, 'RATE_LIMITED', args.input?.email, refusal);
}

/** Refunds the attempt, because the client is not to blame for an outage. */
async function refund(
  limit: ClientLimit,
  ctx: RequestContext,
  status: RateLimitStatus | undefined,
) {
  await ctx.clientRateLimits[limit].refund(ctx.client.prefix);
  if (status) ctx.showRateLimit({ ...status, left: status.left + 1 });
}

/**
 * Lets the library decide over a rateLimit that counts atomically: what it reads are as many time
 * stamps as it must see, and what it writes is ignored, because reading has counted.
 */
class RateLimitStore extends Store {
  readonly #rateLimit: ClientRateLimit;
  status: RateLimitStatus | undefined;

  constructor(rateLimit: ClientRateLimit) {
    super();
    this.#rateLimit = rateLimit;
  }

  override async getForIdentity({ contextIdentity }: { contextIdentity: string }) {
    this.status = await this.#rateLimit.consume(contextIdentity);
    return this.status.refusal ? Array<number>(this.#rateLimit.limit.max).fill(Date.now()) : [];
  }

  override setForIdentity(): void {}
}

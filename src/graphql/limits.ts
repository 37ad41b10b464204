import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import { refuse } from '../audit/refuse.ts';
import type { ClientBudget, Standing } from '../client-ports.ts';
import type { ClientLimit } from '../limits.ts';
import type { RequestContext } from './request-context.ts';

const PLUGIN = 'clientLimits';

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
      await takeOne(limit, args, context as unknown as RequestContext, info);
      return resolver(parent, args, context, info);
    };
  }
}

SchemaBuilder.registerPlugin(PLUGIN, ClientLimitsPlugin);

async function takeOne(
  limit: ClientLimit,
  args: { input?: { email?: string } },
  ctx: RequestContext,
  info: GraphQLResolveInfo,
): Promise<void> {
  const budget = ctx.clientBudgets[limit];
  const { max, seconds } = budget.limit;
  const store = new BudgetStore(budget);
  const check = getGraphQLRateLimiter({ identifyContext: () => ctx.client.prefix, store });
  const rule = { max, window: `${seconds}s` };
  const refused = await check({ parent: undefined, args, context: ctx, info }, rule);
  if (store.standing) ctx.showStanding(store.standing);
  // Should the two ever disagree, whichever refuses is right.
  if (refused === undefined && !store.standing?.refusal) return;
  const refusal = store.standing?.refusal ?? { name: limit, wait: seconds };
  await refuse(ctx, 'RATE_LIMITED', args.input?.email, refusal);
}

/**
 * Lets the library decide over a budget that counts atomically: what it reads are as many time
 * stamps as it must see, and what it writes is ignored, because reading has counted.
 */
class BudgetStore extends Store {
  readonly #budget: ClientBudget;
  standing: Standing | undefined;

  constructor(budget: ClientBudget) {
    super();
    this.#budget = budget;
  }

  override async getForIdentity({ contextIdentity }: { contextIdentity: string }) {
    this.standing = await this.#budget.consume(contextIdentity);
    return this.standing.refusal ? Array<number>(this.#budget.limit.max).fill(Date.now()) : [];
  }

  override setForIdentity(): void {}
}

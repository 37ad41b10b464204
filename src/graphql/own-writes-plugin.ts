import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { RequestContext } from './graphql-context.ts';
import { noteWrite } from './lagging-context.ts';

const PLUGIN = 'ownWrites';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      [PLUGIN]: OwnWritesPlugin<Types>;
    }
  }
}

/** Records who runs a mutation, so that their next lists come from the primary. */
class OwnWritesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolver;
    return async (parent, args, context, info) => {
      const ctx = context as unknown as RequestContext;
      if (!ctx.laggingReads) return resolver(parent, args, context, info);
      await noteWrite(ctx);
      try {
        return await resolver(parent, args, context, info);
      } finally {
        // The time counts from the end of the write.
        await noteWrite(ctx);
      }
    };
  }
}

SchemaBuilder.registerPlugin(PLUGIN, OwnWritesPlugin);

import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config.ts';
import type { Log } from '../ports.ts';
import { checkVariables, refusedResult } from './coercion.ts';
import { publicError } from './error.ts';
import type { RequestContext } from './request-context.ts';
import { schema } from './schema.ts';

/** Bytes of a request body; the largest valid one is a fraction of it. */
const MAX_BODY = 100_000;

export interface EndpointOptions<ServerContext> {
  readonly config: Config;
  readonly log: Log;
  readonly contextOf: (server: ServerContext & { request: Request }) => RequestContext;
}

/** The GraphQL endpoint: Yoga, with every error turned into one of the closed set. */
export function createEndpoint<ServerContext extends Record<string, unknown>>(
  options: EndpointOptions<ServerContext>,
): YogaServerInstance<ServerContext, RequestContext> {
  const { config, log, contextOf } = options;
  return createYoga<ServerContext, RequestContext>({
    schema,
    logging: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY,
    cors: config.corsOrigins.length > 0 && { origin: config.corsOrigins, credentials: false },
    graphiql: config.graphiql && { title: 'Gatehouse' },
    renderGraphiQL: async (page) => {
      // 9 MB of script: read only where somebody looks at it.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return renderGraphiQL(page);
    },
    context: (server) => contextOf(server),
    maskedErrors: { maskError: (error) => publicError(error, log) },
    plugins: [answerErrors(log), ...(config.introspection ? [] : [closedSchema()])],
  });
}

function answerErrors(log: Log): Plugin {
  return {
    // A browser sends forms and plain text across origins without asking first; JSON it does not.
    onRequestParse({ request, endResponse, fetchAPI }) {
      const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
      if (request.method !== 'POST' || type === 'application/json') return;
      const body = { errors: [publicError(new GraphQLError(''), log)] };
      endResponse(fetchAPI.Response.json(body, { status: 415 }));
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues } = args;
      try {
        checkVariables(schema, document, operationName, variableValues ?? {});
      } catch (error) {
        setResultAndStopExecution(refusedResult(error));
      }
    },
    // Errors of parsing and validation do not pass the masking; this is the one door out.
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return;
      setResult({ ...result, errors: result.errors.map((error) => publicError(error, log)) });
    },
  };
}

function closedSchema(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  };
}

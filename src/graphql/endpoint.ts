import { GraphQLError, NoSchemaIntrospectionCustomRule, parse } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config.ts';
import type { Log } from '../ports.ts';
import { checkVariables, refusedResult } from './coercion.ts';
import { publicError } from './error.ts';
import { explorer } from './graphiql.ts';
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
    graphiql: false,
    context: contextOf,
    maskedErrors: { maskError: (error) => publicError(error, log) },
    plugins: [
      boundRequests(log),
      answerErrors(log),
      ...(config.graphiql ? [explorer()] : []),
      ...(config.introspection ? [] : [closedSchema()]),
    ],
  });
}

/** Tokens of a document: more than any sensible one, and less than exhausts the parser's stack. */
const MAX_TOKENS = 1000;

/** Takes JSON bodies only, and documents of a bounded length. */
function boundRequests(log: Log): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, endResponse, fetchAPI }) {
      // A browser sends forms and plain text across origins without asking first; JSON it does not.
      if (request.method === 'POST' && !isJson(request)) {
        const { message, extensions } = publicError(new GraphQLError(''), log);
        const body = { errors: [{ message, extensions: { code: extensions.code } }] };
        return endResponse(fetchAPI.Response.json(body, { status: 415 }));
      }
      const read = requestParser ?? ((given: Request) => given.json());
      setRequestParser(async (given) => {
        try {
          return await read(given);
        } catch (error) {
          throw error instanceof GraphQLError ? error : new GraphQLError('');
        }
      });
    },
    onParse({ setParseFn }) {
      setParseFn((source: string) => parse(source, { maxTokens: MAX_TOKENS }));
    },
  };
}

/** Says per field what is wrong with variables, and lets no error out as it is. */
function answerErrors(log: Log): Plugin {
  return {
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

function isJson(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';', 1)[0];
  return type?.trim().toLowerCase() === 'application/json';
}

import { type DocumentNode, GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { isJson, MAX_BODY } from '../json-body.ts';
import type { Log } from '../ports.ts';
import { boundDocuments, boundTime, boundVariables } from './bounds.ts';
import { checkVariables, refusedResult } from './coercion.ts';
import { publicError } from './error.ts';
import { explorer } from './graphiql.ts';
import type { RequestContext } from './request-context.ts';
import { schema } from './schema.ts';

export interface EndpointOptions<ServerContext> {
  readonly config: Config;
  readonly log: Log;
  readonly contextOf: (server: ServerContext & { request: Request }) => RequestContext;
}

/**
 * Documents are kept parsed and validated. Yoga keeps a thousand, and a thousand errors: strangers
 * could fill 200 MB with them.
 */
const cache = () => ({
  documentCache: new LRUCache<string, DocumentNode>({ max: 100 }),
  errorCache: { get: () => undefined, set() {} },
});

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
    parserAndValidationCache: cache(),
    plugins: [
      acceptRequests(config),
      boundDocuments(),
      boundVariables(),
      boundTime(),
      answerErrors(log),
      ...(config.graphiql ? [explorer()] : []),
      ...(config.introspection ? [] : [closedSchema()]),
    ],
  });
}

/**
 * Takes JSON bodies only. Forms, plain text and GET are what a browser sends across origins without
 * asking first; GET is for who explores the API, so it goes with GraphiQL.
 */
function acceptRequests({ graphiql }: Config): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser, endResponse, fetchAPI }) {
      const refuse = (status: number, message: string, headers = {}) => {
        const errors = [{ message, extensions: { code: 'BAD_REQUEST' } }];
        return endResponse(fetchAPI.Response.json({ errors }, { status, headers }));
      };
      if (request.method === 'GET' && !graphiql) {
        return refuse(405, 'Requests come by POST', { allow: 'POST' });
      }
      if (request.method === 'POST' && !isJson(request.headers.get('content-type'))) {
        return refuse(415, 'The request is no well-formed GraphQL request');
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

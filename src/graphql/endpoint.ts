import { type DocumentNode, GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import {
  createYoga,
  type GraphQLParams,
  type Plugin,
  processRegularResult,
  type YogaServerInstance,
} from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config.ts';
import { isJson, MAX_BODY, parseJson } from '../json-body.ts';
import type { Log } from '../ports.ts';
import { boundDocuments, boundTime, boundVariables } from './bounds.ts';
import { checkVariables, refusedResult } from './coercion.ts';
import { publicError } from './error.ts';
import { explorer } from './graphiql.ts';
import type { RequestContext } from './request-context.ts';
import { schema } from './schema.ts';

export interface EndpointOptions<ServerContext> {
  readonly config: Config;
  /** With the id of the request. */
  readonly logOf: (server: ServerContext) => Log;
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
  const { config, logOf, contextOf } = options;
  return createYoga<ServerContext, RequestContext>({
    schema,
    logging: false,
    landingPage: false,
    multipart: false,
    maxRequestBodySize: MAX_BODY,
    cors: false,
    graphiql: false,
    context: contextOf,
    // `answerErrors` is the one door out.
    maskedErrors: false,
    parserAndValidationCache: cache(),
    plugins: [
      acceptRequests(config),
      boundDocuments(),
      boundVariables(),
      boundTime(),
      answerErrors(logOf),
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
    onParams({ params, setParams }) {
      // Some clients send the name of an operation that has none.
      const { operationName, ...others } = params;
      if (operationName === '') setParams(others);
    },
    onRequestParse({ request, requestParser, setRequestParser, endResponse, fetchAPI }) {
      const refuse = (status: number, message: string, headers = {}) => {
        const errors = [{ message, extensions: { code: 'BAD_REQUEST' } }];
        return endResponse(fetchAPI.Response.json({ errors }, { status, headers }));
      };
      const methods = graphiql ? ['GET', 'POST'] : ['POST'];
      if (!methods.includes(request.method)) {
        return refuse(405, 'Requests come by POST', { allow: methods.join(', ') });
      }
      if (request.method === 'POST' && !isJson(request.headers.get('content-type'))) {
        return refuse(415, 'The request is no well-formed GraphQL request');
      }
      // Before anything is run: the tokens in an answer that cannot be given would be lost.
      if (!responseType(request.headers.get('accept'))) {
        return refuse(406, 'Responses are JSON: accept application/graphql-response+json');
      }
      const read = (request.method === 'GET' && requestParser) || readPost;
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

async function readPost(request: Request): Promise<GraphQLParams> {
  const body = parseJson(await request.arrayBuffer());
  if (body === null || typeof body !== 'object') throw new GraphQLError('');
  return body;
}

/** Media types of responses, and the ranges of `Accept` that each one fits. */
const responseTypes = [
  ['application/json', /^(\*\/\*|application\/(\*|json))(;|$)/],
  ['application/graphql-response+json', /^application\/graphql-response\+json(;|$)/],
] as const;

/**
 * Chooses the media type of the response: that of the first range that fits one. A range may name no
 * charset but UTF-8; weights do not count. Event streams and multipart responses are for
 * subscriptions, and the schema has none.
 */
function responseType(accept: string | null): string | undefined {
  const ranges = (accept || '*/*').toLowerCase().replace(/\s/g, '').split(',');
  for (const range of ranges) {
    if (/;[^;]*charset=(?!utf-8(;|$))/.test(range)) continue;
    const found = responseTypes.find(([, pattern]) => pattern.test(range));
    if (found) return found[0];
  }
  return undefined;
}

/** Says per field what is wrong with variables, and lets no error out as it is. */
function answerErrors<ServerContext extends Record<string, unknown>>(
  logOf: (server: ServerContext) => Log,
): Plugin<object, ServerContext> {
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const { schema, document, operationName, variableValues } = args;
      try {
        checkVariables(schema, document, operationName, variableValues ?? {});
      } catch (error) {
        setResultAndStopExecution(refusedResult(error));
      }
    },
    onResultProcess({ request, result, setResult, setResultProcessor, serverContext }) {
      const type = responseType(request.headers.get('accept')) ?? 'application/json';
      setResultProcessor(processRegularResult, type);
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return;
      const log = logOf(serverContext);
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

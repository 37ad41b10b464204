import { type Answer, request } from '#tests/support/request.ts';
import { type Call, placeOf, queryOf } from './call.ts';
import { type Operation, type Pair, pairs, restName } from './mapping.ts';
import { askOAuth, isOAuth } from './oauth-transport.ts';
import { asRest, type RestAnswer, readRest, refusalIn } from './translate.ts';

/** Asks the Gatehouse at `url`, and answers in the terms of REST. */
export type Transport = (url: string, call: Call) => Promise<RestAnswer>;

export const graphqlTransport: Transport = async (url, call) => {
  const ask = (operation: Operation, variables: object, from = call.from) => {
    const query = pairs[operation].document.toString();
    const body = JSON.stringify({ query, variables });
    return send(`${url}/graphql`, 'POST', { ...call, from }, body);
  };
  const answer = await ask(call.operation, variablesOf(call));
  if (call.operation === 'auditLogs' && refusalIn(answer)?.code === 'BAD_USER_INPUT') {
    // A wrong date has a wrong type: GraphQL sees that before who asks, and REST after it. From
    // elsewhere, as REST has one request to answer.
    const who = await ask('auditLogs', { first: 0 }, call.from.replace(/\d+$/, '250'));
    if (refusalIn(who)) return asRest(call, who);
  }
  return asRest(call, answer);
};

/** REST, and for some calls the OAuth endpoints, which are further surfaces of two operations. */
export const restTransport: Transport = (url, call) =>
  isOAuth(call) ? askOAuth(url, call) : askRest(url, call);

const askRest: Transport = async (url, call) => {
  const { method }: Pair = pairs[call.operation];
  const body = method === 'POST' || method === 'PUT' ? bodyOf(call) : undefined;
  const place = placeOf(call) + (call.way.finalSlash ? '/' : '');
  return readRest(await send(url + place + queryOf(call), method, call, body));
};

function send(url: string, method: string, call: Call, body: string | undefined): Promise<Answer> {
  const headers = {
    'user-agent': call.userAgent,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(call.bearer !== undefined && { authorization: `Bearer ${call.bearer}` }),
    ...cookieHeaders(call),
  };
  return request(url, { method, headers, from: call.from, ...(body !== undefined && { body }) });
}

function cookieHeaders({ cookieMode }: Call): Record<string, string> {
  if (!cookieMode) return {};
  const { origin, token, device } = cookieMode;
  const cookies = [
    ...(typeof token === 'string' ? [`__Host-gatehouse=${token}`] : []),
    ...(typeof device === 'string' ? [`__Host-gatehouse-device=${device}`] : []),
  ];
  const cookie = cookies.length > 0 ? { cookie: cookies.join('; ') } : {};
  return { origin, 'gatehouse-session': 'cookie', ...cookie };
}

function variablesOf({ operation, input }: Call): object {
  if (operation === 'user') return input ?? {};
  if (operation === 'webhookDeliveries') {
    const { id: webhookId, ...rest } = input as { id?: string };
    return { webhookId, ...rest };
  }
  if (operation === 'users') {
    const { first, ...filter } = input as { first?: number };
    return { first, filter };
  }
  if (operation !== 'auditLogs') return input ? { input } : {};
  const { page, size, ...filter } = input as { page: number; size: number };
  return { first: size, offset: (page - 1) * size, filter, withTotalCount: true };
}

function bodyOf({ input, way }: Call): string | undefined {
  if (!input) return undefined;
  const entries = Object.entries(input).map(([name, value]) => {
    const isCode = name === 'otp' && typeof value === 'string' && /^\d{6}$/.test(value);
    return [restName(name), isCode && way.numericCode ? Number(value) : value];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

import * as documents from '../generated/graphql.ts';
import type { Result } from './result.ts';
import type { TypedDocument } from './send.ts';

type Documents = typeof documents;

type VariablesOf<Name extends keyof Documents> =
  Documents[Name] extends TypedDocument<unknown, infer Variables> ? Variables : never;

/** An input alone, or all arguments of a field that has several. */
type ArgumentsOf<Variables> = Variables extends { readonly input: infer Input }
  ? [input: Input]
  : string extends keyof Variables
    ? []
    : object extends Variables
      ? [variables?: Variables]
      : [variables: Variables];

/** The root field of a document, without null: a failed query has an error. */
type DataOf<Name extends keyof Documents> =
  Documents[Name] extends TypedDocument<infer Data, never> ? NonNullable<Data[keyof Data]> : never;

/** Every operation of the service, by the name of its field. */
export type Operations = {
  [Name in keyof Documents as Name extends `${infer Operation}Document`
    ? Uncapitalize<Operation>
    : never]: (...args: ArgumentsOf<VariablesOf<Name>>) => Promise<Result<DataOf<Name>>>;
};

export type OperationName = keyof Operations;

/** The documents, by the name of their field. */
export const documentOf = Object.fromEntries(
  Object.entries(documents)
    .filter(([name]) => name.endsWith('Document'))
    .map(([name, document]) => [
      name.charAt(0).toLowerCase() + name.slice(1, -'Document'.length),
      document,
    ]),
) as unknown as Record<OperationName, TypedDocument<Record<string, unknown>, unknown>>;

/** Operations that need no session. */
export const publicOperations: ReadonlySet<string> = new Set<OperationName>([
  ...(['register', 'login', 'requestOtp', 'verifyOtp', 'forgotPassword'] as const),
  ...(['resetPassword', 'refreshTokens', 'logout', 'undoEmailChange'] as const),
  ...(['verifyFactor', 'undoFactorChange'] as const),
  ...(['passkeySignInOptions', 'signInWithPasskey', 'passkeyFactorOptions'] as const),
]);

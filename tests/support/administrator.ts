import type { GraphQLField } from 'graphql';
import {
  DisableUserDocument,
  EnableUserDocument,
  type TypedDocumentString,
  UserDocument,
  UsersDocument,
  type UsersQueryVariables,
} from '../../client/generated/graphql.ts';
import type { GraphqlAnswer, TestApp } from './app.ts';
import { Person } from './flow.ts';

/** A signed-in `ADMIN`. */
export class Administrator extends Person {
  token = '';

  static async create(app: TestApp): Promise<Administrator> {
    const admin = new Administrator(app);
    await admin.enter();
    await app.sql("update accounts set role = 'ADMIN' where email = ?", [admin.email]);
    return admin;
  }

  async enter(): Promise<this> {
    this.token = (await this.signIn()).accessToken;
    return this;
  }

  /** Runs one of the typed documents that frontends use. */
  run<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables) {
    const { from, token } = this;
    return this.app.run(document, variables, { from, token });
  }

  change<Data>(
    document: TypedDocumentString<Data, { input: never }>,
    input: object,
  ): Promise<GraphqlAnswer<Data>> {
    return this.run(document, { input: input as never });
  }

  users = (variables: UsersQueryVariables = {}) => this.run(UsersDocument, variables);
  user = (id: string) => this.run(UserDocument, { id });
  disableUser = (id: string) => this.run(DisableUserDocument, { input: { id } });
  enableUser = (id: string) => this.run(EnableUserDocument, { input: { id } });
}

/** Whether a field of the schema is for administrators only. */
export const isAdministration = ({ extensions }: GraphQLField<unknown, unknown>): boolean =>
  (extensions.pothosOptions as { authScopes?: { admin?: unknown } } | undefined)?.authScopes
    ?.admin !== undefined;

/** The id of the account of an address. */
export async function idOf(app: TestApp, { email }: Person): Promise<string> {
  const [account] = await app.sql<{ id: string }>('select id from accounts where email = ?', [
    email,
  ]);
  if (!account) throw new Error(`no account for ${email}`);
  return account.id;
}

/** A GraphQL operation in this process. Returns the value of its only field. @throws AuthError */
export type Operation<Request> = (
  request: Request,
  variables: Record<string, unknown>,
) => Promise<unknown>;

/** A field that an operation selects, as the GraphQL schema describes it. */
export interface SelectedField {
  /** Name in the response: the alias, if there is one. */
  readonly name: string;
  /** Type and field in the schema, such as `User.email`. */
  readonly path: string;
  readonly description: string;
  readonly isNullable: boolean;
  readonly isList: boolean;
  /** The values are those of an enum. */
  readonly type: {
    readonly name: string;
    readonly description: string;
    readonly values: readonly string[];
  };
  /** Selected fields of an object. */
  readonly fields: readonly SelectedField[];
}

/** Describes the only field of an operation. */
export type DescribeSelection = (operation: string) => SelectedField;

/** Log record of a request, which is written once the response is sent. */
export interface RequestRecord {
  /** GraphQL fields or REST route, by the names of the schema. */
  operation?: string | undefined;
  /** Error codes of the response; undefined after a success. */
  code?: string;
}

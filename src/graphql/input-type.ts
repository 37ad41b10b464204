import type { InputFieldsFromShape, InputType } from '@pothos/core';
import { z } from 'zod';
import { builder } from './builder.ts';

type Types = typeof builder.$inferSchemaTypes;
type Type = InputType<Types> | [InputType<Types>];

interface FieldOptions {
  readonly type: Type;
  readonly required: boolean;
  readonly description: string;
}

interface InputOptions {
  /** GraphQL types that cannot be derived from the field name or zod type. */
  readonly types?: Readonly<Record<string, Type>>;
}

const scalars: Readonly<Record<string, Type>> = {
  string: 'String',
  number: 'Int',
  boolean: 'Boolean',
  date: 'DateTime',
  record: 'JSON',
};

/** Makes arguments or input fields from a zod object: names, types, nullability, descriptions. */
export function inputFields<Schema extends z.ZodObject, Kind extends 'Arg' | 'InputObject'>(
  schema: Schema,
  make: (options: FieldOptions) => unknown,
  { types = {} }: InputOptions = {},
): InputFieldsFromShape<Types, z.output<Schema>, Kind> {
  const fields = Object.entries(schema.shape).map(([name, field]) => {
    const type = types[name] ?? (/^id$|Id$/.test(name) ? 'ID' : scalarOf(field));
    const required = field._zod.optin !== 'optional';
    return [name, make({ type, required, description: field.description ?? '' })];
  });
  return Object.fromEntries(fields);
}

function scalarOf(field: z.core.$ZodType): Type {
  const isWrapped = field instanceof z.ZodOptional || field instanceof z.ZodNullable;
  if (isWrapped) return scalarOf(field.unwrap());
  const type = scalars[field._zod.def.type];
  if (!type) throw new Error(`No GraphQL type for a zod ${field._zod.def.type}`);
  return type;
}

/** Makes the argument `input` of a mutation, whose type and rules a zod object describes. */
export function inputArg<Schema extends z.ZodObject, Optional extends boolean = false>(
  { arg }: { readonly arg: (options: never) => unknown },
  schema: Schema,
  { optional, ...options }: InputOptions & { readonly optional?: Optional } = {},
) {
  const { id = '', description = '' } = schema.meta() ?? {};
  const type = builder.inputType(id, {
    description,
    fields: (t) => inputFields(schema, (each) => t.field(each), options),
  });
  type Value = z.output<Schema> | (Optional extends true ? null | undefined : never);
  const input = arg({ type, required: !optional, description, validate: { schema } } as never);
  return { input } as InputFieldsFromShape<Types, { input: Value }, 'Arg'>;
}

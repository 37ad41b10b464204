import { z } from 'zod';

/** URL of the service in examples. A served document contains the real one. */
export const EXAMPLE_URL = 'https://auth.example.com';

/** Makes the schema of a 32-bit integer of at least `min`. */
export const integer = (min: number, example: number, description?: string) =>
  z
    .int32()
    .min(min)
    .meta({ ...(description && { description }), examples: [example] });

/** Makes an example of a schema from those of its fields. */
export function exampleOf(schema: z.core.$ZodType): unknown {
  const [example] = z.globalRegistry.get(schema)?.examples ?? [];
  if (example !== undefined) return example;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return exampleOf(schema.unwrap());
  }
  if (schema instanceof z.ZodArray) return [exampleOf(schema.element)];
  if (schema instanceof z.ZodObject) {
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, field]) => [name, exampleOf(field)]),
    );
  }
  throw new Error(
    `A ${schema._zod.def.type} field of the REST API has no example. Add one with .meta({ examples: […] }).`,
  );
}

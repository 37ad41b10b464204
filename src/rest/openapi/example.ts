import { z } from 'zod';

/** Where the service is reached in examples; a document that is served has the real address. */
export const EXAMPLE_URL = 'https://auth.example.com';

/**
 * An example of what a schema describes, made of those of its fields.
 *
 * @throws Error where a field has none
 */
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
  throw new Error('A field of the REST API has no example');
}

import type { z } from 'zod';
import { certificates } from './setting-shapes.ts';

/** Development starts its own stores and prints mails. Production needs explicit settings. */
export type Environment = 'development' | 'production';

/** Default of a setting that is on in development only. */
export const inDevelopment = { development: 'true', production: 'false' };

/** One environment variable. */
export interface Setting {
  readonly variable: string;
  /** Former names, which are still read. */
  readonly formerly?: readonly string[];
  readonly about: string;
  /** Converts the text. Its description completes "VARIABLE must be …". */
  readonly shape: z.ZodType;
  /** Text to use when the variable is unset. */
  readonly fallback?: string | Readonly<Record<Environment, string>>;
  readonly required?: true | 'production';
}

/** Describes an environment variable; its types are kept. */
export const setting = <
  Shape extends z.ZodType,
  const Rest extends Pick<Setting, 'about' | 'formerly' | 'fallback' | 'required'>,
>(
  variable: string,
  shape: Shape,
  rest: Rest,
) => ({ variable, shape, ...rest });

/** A private certificate authority of a server. */
export const authority = (variable: string, server: string) => {
  const about = `Private certificate authority of ${server}: a PEM file or PEM text.`;
  return setting(variable, certificates, { about });
};

import { z } from 'zod';
import { factorNames } from '../../errors/auth-error.ts';
import { type ProblemName, problemTypes } from '../../errors/problem-types.ts';
import { EXAMPLE_URL, integer } from './example.ts';

export const problemNames = Object.keys(problemTypes) as ProblemName[];

const typeOf = (name: ProblemName): string => `${EXAMPLE_URL}/problems/${name}`;

/** Makes an example of a problem document. */
export function problemExample(name: ProblemName, detail: string, members: object = {}): object {
  const { title, status, code } = problemTypes[name];
  return { type: typeOf(name), title, status, detail, code, ...members };
}

const problem = z.object({
  type: z.string().meta({
    description: 'URL of a page that explains the cause and the fix.',
    format: 'uri',
    examples: problemNames.map(typeOf),
  }),
  title: z.string().meta({ description: 'Title of the problem type.' }),
  status: z.int().min(400).max(599).meta({ description: 'The HTTP status.' }),
  detail: z.string().meta({ description: 'Description of this occurrence.' }),
});

const messages = z.array(z.string()).meta({ description: 'Messages about one field.' });

const errors = z.record(z.string(), messages).meta({
  description: 'Messages by field. `non_field_errors` is about the input as a whole.',
});

const proofs = z.array(z.enum(['PASSWORD', 'CODE', ...factorNames])).meta({
  description:
    'Proofs that `POST /auth/step-up` accepts: the password, or a mailed code; for an account with a second factor, only a factor.',
  examples: [['PASSWORD', 'CODE']],
});

const mfa = {
  factors: z.array(z.enum(factorNames)).meta({
    description: 'Factors of the account. `POST /auth/factors/verify` accepts a proof of each.',
    examples: [['TOTP', 'RECOVERY_CODE']],
  }),
  challenge_id: z.string().meta({
    description: 'Identifies this sign-in. Send it with the proof of a factor.',
    examples: ['3127-0894-5561-2070-9438-1185-6602-7743-0319-8856'],
  }),
  expires_in: integer(1, 300, 'Seconds until the sign-in has to start again.'),
  trust_device_days: integer(
    1,
    30,
    'Days for which `trust_device` would trust the browser. Missing outside cookie mode, and if the service trusts no devices.',
  ).optional(),
};

/** Members besides those of every problem. */
export const problemMembers: Partial<Record<ProblemName, Record<string, z.ZodType>>> = {
  'bad-user-input': { errors },
  'step-up-required': { proofs },
  'mfa-required': mfa,
  locked: { unlock_in: integer(0, 840, 'Seconds until the lock ends.') },
  'rate-limited': { retry_after: integer(0, 540, 'Seconds to wait.') },
  unavailable: { retry_after: integer(0, 5, 'Seconds to wait.') },
};

/** Schemas of the documents of every problem type. */
export const problemSchemas = Object.fromEntries(
  problemNames.map((name) => [name, schemaOf(name)]),
) as Record<ProblemName, ReturnType<typeof schemaOf>>;

function schemaOf(name: ProblemName) {
  const { code, status, title } = problemTypes[name];
  const id = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const schema = problem.extend({
    type: problem.shape.type.meta({ examples: [typeOf(name)] }),
    status: z.literal(status),
    code: z.literal(code),
    ...problemMembers[name],
  });
  return schema.meta({ id: `${id}Problem`, description: `${title}.` });
}

/** Returns the schema of problems with any code that an operation does not list. */
export function otherProblem(listed: readonly ProblemName[]): z.ZodType {
  const codes = new Set(listed.map((name) => problemTypes[name].code));
  const byCode = Map.groupBy(problemNames, (name) => problemTypes[name].code);
  const others = [...byCode].filter(([code]) => !codes.has(code));
  const meanings = others.map(
    ([code, group]) =>
      `- \`${code}\`: ${group.map((name) => problemTypes[name].title).join(' · ')}`,
  );
  return problem.extend({
    code: z.enum(others.map(([code]) => code)).meta({ description: meanings.join('\n') }),
  });
}

import type { Finding } from '../transfer/findings.ts';
import type { ImportPlan } from '../transfer/import-users.ts';

interface WholePlan {
  readonly users: ImportPlan;
  readonly events?: ImportPlan;
}

/** Findings in the order of the report, with their meaning. */
const meanings: Readonly<Record<string, string>> = {
  new: 'to be imported',
  imported: 'already imported',
  disabled: 'disabled',
  invalid: 'skipped: invalid',
  unverified: 'skipped: the address was never verified',
  'same id': 'skipped: the id of another row',
  'same address': 'skipped: the address of another row, whose account is older',
  'address taken': 'skipped: the address has an account',
  registration: 'skipped: somebody registered the address, and has a week to verify it',
  'id taken': 'skipped: an account has the id',
  deleted: 'skipped: imported before, and deleted since',
  password: 'without their password',
  factors: 'with second factors',
  app: 'without their authenticator app: set SECRET_KEY_PREVIOUS to the SECRET_KEY of the other installation',
  passkey:
    'without a passkey that another user has: reset the factors of those who cannot sign in otherwise',
  'locked out': 'without any factor that works: they cannot sign in until you reset their factors',
  admin: 'become ADMIN',
  mailbox: 'share a mailbox with another one (`+tag`, or dots at Gmail)',
};
/** Findings whose rows an operator need not look at. */
const expected = ['new', 'imported', 'disabled', 'factors'];

/** Formats what an import would do. */
export const linesOfPlan = ({ users, events }: WholePlan): string[] => [
  ...linesOf('Users', users),
  ...(events ? linesOf('Audit events', events) : []),
];

function linesOf(title: string, { read, findings }: ImportPlan): string[] {
  const lines = Object.entries(meanings).flatMap(([name, meaning]) => {
    const finding = findings[name];
    if (!finding) return [];
    const examples = expected.includes(name) ? [] : examplesOf(finding);
    return [`  ${finding.count} ${meaning}`, ...examples];
  });
  return [`${title}: ${read} read`, ...lines];
}

function examplesOf({ count, examples }: Finding): string[] {
  const lines = examples.map((example) => `    ${example}`);
  const more = count - examples.length;
  return more > 0 ? [...lines, `    and ${more} more`] : lines;
}

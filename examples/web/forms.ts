import type { ErrorCode } from '../../client/generated/enums.ts';
import { GatehouseError, hasCode } from '../walk-through/gatehouse-error.ts';
import { say, show } from './views.ts';

/** Error codes that concern one field of the form, with a text for each field that can be wrong. */
const textsOf: Partial<Record<ErrorCode, Readonly<Record<string, string>>>> = {
  INVALID_CREDENTIALS: { password: 'The address or the password is wrong.' },
  INVALID_OTP: {
    otp: 'That code is wrong or older than the newest mail.',
    totp: 'That code is wrong, or was used already. Wait for the next one.',
    recoveryCode: 'That code is wrong, or was used already.',
  },
};

/**
 * Runs an action with the values of a form, and shows errors of the service.
 *
 * @param name name of one form or several; its fields have the names of `Input`
 */
export function onSubmit<Input>(name: string, action: (input: Input) => Promise<void>): void {
  const forms = formsNamed(name);
  if (forms.length === 0) throw new Error(`The page has no form ${name}`);
  for (const form of forms) onSubmitOf(form, action);
}

/** Returns the forms with a name: several views may offer the same action. */
export const formsNamed = (name: string): HTMLFormElement[] => [
  ...document.querySelectorAll<HTMLFormElement>(`form[name=${name}]`),
];

function onSubmitOf<Input>(form: HTMLFormElement, action: (input: Input) => Promise<void>): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (form.ariaBusy) return;
    form.ariaBusy = 'true';
    clear(form);
    void action(Object.fromEntries(new FormData(form)) as Input)
      .catch((error: unknown) => explain(error, form))
      .finally(() => {
        form.ariaBusy = null;
      });
  });
}

/** Shows an error beside the invalid fields, or else above the form. */
export function explain(error: unknown, form?: HTMLFormElement): void {
  if (hasCode(error, 'UNAUTHENTICATED')) {
    show('sign-in', 'Your session has ended. Please sign in again.');
    return;
  }
  if (hasCode(error, 'ENROLLMENT_REQUIRED')) {
    show('required');
    return;
  }
  const marked = form ? problemsOf(error).filter(([field, text]) => mark(form, field, text)) : [];
  if (marked.length > 0) {
    form?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  } else {
    say(messageOf(error), 'problem');
  }
}

/** Returns the invalid fields with their messages. */
function problemsOf(error: unknown): [field: string, text: string][] {
  if (!(error instanceof GatehouseError)) return [];
  const texts = textsOf[error.code];
  if (texts) return Object.entries(texts);
  return Object.entries(error.fields).map(([field, messages]) => [field, messages.join(' ')]);
}

function messageOf(error: unknown): string {
  if (!(error instanceof GatehouseError))
    return 'The service cannot be reached. Check your connection and try again.';
  // RATE_LIMITED, LOCKED and UNAVAILABLE contain the time to wait.
  const { message, retryAfter } = error;
  return retryAfter === undefined ? message : `${message}. Try again in ${duration(retryAfter)}.`;
}

/** Formats seconds as text. */
export function duration(seconds: number): string {
  const [amount, unit] = seconds < 100 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** Shows a message beside a field. Returns false if the form has no such field. */
function mark(form: HTMLFormElement, field: string, text: string): boolean {
  const input = form.elements.namedItem(field);
  if (!(input instanceof HTMLInputElement)) return false;
  const problem = document.createElement('p');
  problem.id = `problem-${form.name}-${field}`;
  problem.className = 'problem';
  problem.textContent = text;
  input.ariaInvalid = 'true';
  input.setAttribute('aria-describedby', problem.id);
  (input.closest('.field') ?? input.closest('label'))?.after(problem);
  return true;
}

/** Removes the errors that a form shows. */
export function clear(form: HTMLFormElement): void {
  say('');
  for (const problem of form.querySelectorAll('.problem')) problem.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
}

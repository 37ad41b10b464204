import { type ComponentChildren, cloneElement, type VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { BrowserError } from '../../client/src/passkeys.ts';
import type { GatehouseError } from '../../client/src/result.ts';
import { setFactorRequired } from './required-factor.ts';
import { errorText, relativeText, timeText } from './texts.ts';

/** A time. Hovering shows the exact time. */
export const Moment = ({ at, exact }: { at: string; exact?: boolean }) => (
  <time dateTime={at} title={timeText(at)}>
    {exact ? timeText(at) : relativeText(at)}
  </time>
);

/** A coloured label. */
export const Badge = ({ tone, children }: { tone?: string; children: ComponentChildren }) => (
  <span class={`badge ${tone ?? ''}`}>{children}</span>
);

interface HeadingProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** The heading of a section, with its actions. Receives the focus when the section opens. */
export function Heading({ title, lead, children }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Gatehouse console`;
    heading.current?.focus();
  }, [title]);
  return (
    <div class="heading">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p class="quiet">{lead}</p>}
      </div>
      <div class="actions">{children}</div>
    </div>
  );
}

interface FailureProps {
  readonly error: GatehouseError | BrowserError;
  readonly retry?: () => void;
}

/** An error, and a button that tries again. Where a second factor is required, its page opens. */
export function Failure({ error, retry }: FailureProps) {
  useEffect(() => {
    if (error.code === 'ENROLLMENT_REQUIRED') setFactorRequired(true);
  }, [error]);
  return (
    <div class="failure" role="alert">
      <p>{errorText(error)}</p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A placeholder while data loads. */
export const Loading = () => (
  <div class="loading" role="status">
    <span class="hidden">Loading</span>
    {[1, 2, 3, 4].map((line) => (
      <i key={line} />
    ))}
  </div>
);

export const Empty = ({ children }: { children: ComponentChildren }) => (
  <p class="empty">{children}</p>
);

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** The input or select. */
  readonly children: VNode<{ id?: string; 'aria-describedby'?: string }>;
}

/** A label above its field, and a hint below it. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, { id, ...(hint && { 'aria-describedby': hintId }) })}
      {hint && (
        <small class="quiet" id={hintId}>
          {hint}
        </small>
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  onChange(value: string): void;
}

/** A choice between a few values. */
export const Select = ({ label, value, options, onChange }: SelectProps) => (
  <Field label={label}>
    <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
      {options.map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  </Field>
);

/** A button that copies a text and confirms it. */
export function Copy({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {isCopied ? 'Copied' : 'Copy'}
    </button>
  );
}

/** A button that shows the next page of a list. */
export const More = ({ has, busy, more }: { has: boolean; busy: boolean; more: () => void }) =>
  has ? (
    <p class="more">
      <button type="button" onClick={more} disabled={busy}>
        {busy ? 'Loading…' : 'Load more'}
      </button>
    </p>
  ) : null;

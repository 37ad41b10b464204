const views = [...document.querySelectorAll<HTMLElement>('main > section')];

export const formatTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Returns the id of the view in the URL, or of the first view. */
export function viewInAddress(): string {
  const id = location.hash.slice(1);
  return views.some((view) => view.id === id) ? id : (views[0]?.id ?? '');
}

/**
 * Shows one view and moves the focus to its heading, so that a screen reader starts there. The view
 * that appears gets the event `shown`, the one that disappears `left`.
 */
export function show(id: string, message = ''): void {
  document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
  if (location.hash !== `#${id}`) history.pushState(null, '', `#${id}`);
  for (const view of views) {
    const wasHidden = view.hidden;
    view.hidden = view.id !== id;
    if (view.hidden) forget(view);
    if (wasHidden !== view.hidden) view.dispatchEvent(new Event(view.hidden ? 'left' : 'shown'));
  }
  const heading = element(`#${id} h2`);
  document.title = `${heading.textContent} · Gatehouse demo`;
  heading.focus();
  say(message);
}

/** Shows a message and announces it to screen readers. */
export function say(message: string, kind: 'done' | 'problem' = 'done'): void {
  // Screen readers ignore what is behind an open dialog.
  const status = document.querySelector('dialog[open] [role=status]') ?? element('#message');
  status.className = kind;
  status.textContent = message;
}

/** Fills the elements of a view that have a `data-text` attribute. */
export function fill(id: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    element(`#${id} [data-text=${name}]`).textContent = text;
  }
}

/** @throws Error if the page has no such element */
export function element<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`The page has no element ${selector}`);
  return found;
}

/** Clears passwords, codes and account data from a view when it is left, or from a dialog. */
export function forget(view: HTMLElement): void {
  for (const input of view.querySelectorAll('input')) {
    if (input.type !== 'email') input.value = '';
  }
  for (const shown of view.querySelectorAll('[data-text], tbody, ul, ol, code'))
    shown.replaceChildren();
  for (const image of view.querySelectorAll('img')) image.removeAttribute('src');
  for (const link of view.querySelectorAll('a[data-private]'))
    link.setAttribute('href', '#account');
  for (const button of view.querySelectorAll('button')) reveal(button, false);
}

/** Shows or hides what is typed into the password field of a button with `data-reveal`. */
function reveal(button: HTMLButtonElement, isShown: boolean): void {
  const input = button.form?.elements.namedItem(button.dataset.reveal ?? '');
  if (!(input instanceof HTMLInputElement)) return;
  input.type = isShown ? 'text' : 'password';
  button.textContent = isShown ? 'Hide' : 'Show';
  button.ariaLabel = button.ariaLabel?.replace(/^\w+/, button.textContent) ?? null;
}

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLButtonElement) || !target.dataset.reveal) return;
  reveal(target, target.textContent === 'Show');
});

/** Keeps only the digits of a code: it may contain spaces, dashes or full-width digits. */
document.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || !target.classList.contains('digits')) return;
  target.value = target.value.normalize('NFKC').replaceAll(/\D/g, '').slice(0, 6);
});

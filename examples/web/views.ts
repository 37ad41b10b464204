const views = [...document.querySelectorAll<HTMLElement>('main > section')];
const status = element('#message');

/** The part of the page with this id; the first one where the address names none. */
export function viewInAddress(): string {
  const id = location.hash.slice(1);
  return views.some((view) => view.id === id) ? id : (views[0]?.id ?? '');
}

/** Shows one view and moves the focus to its heading, so that a screen reader begins there. */
export function show(id: string, message = ''): void {
  if (location.hash !== `#${id}`) history.pushState(null, '', `#${id}`);
  for (const view of views) {
    view.hidden = view.id !== id;
    if (view.hidden) forget(view);
  }
  const heading = element(`#${id} h2`);
  document.title = `${heading.textContent} · Gatehouse demo`;
  heading.focus();
  say(message);
}

/** Tells something, also to people who do not see the page. */
export function say(message: string, kind: 'done' | 'problem' = 'done'): void {
  status.className = kind;
  status.textContent = message;
}

/** Puts texts into the places of a view that ask for them by `data-text`. */
export function fill(id: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    element(`#${id} [data-text=${name}]`).textContent = text;
  }
}

/** @throws Error when the page has no such element */
export function element<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Passwords, codes and what an account shows do not stay behind in a view that was left. */
function forget(view: HTMLElement): void {
  for (const input of view.querySelectorAll('input')) {
    if (input.type !== 'email') input.value = '';
  }
  for (const shown of view.querySelectorAll('dd, tbody')) shown.replaceChildren();
}
